"""The servers' own logs, in `log/` below the data."""

from pathlib import Path
from typing import BinaryIO

# Two such files tell enough of the past, and fit on any laptop.
_ROTATE_BYTES = 16 * 1024 * 1024


def open_for_append(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > _ROTATE_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def last_words(log: Path) -> str:
    """The end of a log, for an error message."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join([f"The end of {log}:", *text.splitlines()[-8:]])
