"""Reads every log below a folder, and refuses those that hold a secret."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.secrecy.secrets import Secrets

_SEVERITY = re.compile(r"\b([A-Z]{3,9}): ")
_LOGS = ("*.log", "*.log.*", "*.jsonl", "printed-*")


@dataclass(frozen=True)
class Leak:
    """Where a secret is, and of which kind; never what it is."""

    place: str
    event: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind} in {self.event}"


def refuse_secrets(secrets: Secrets, folder: Path) -> None:
    """In every log below the folder.

    Raises: AssertionError, which names the events and the kinds of secrets.
    """
    _refuse(leak for log in _logs_in(folder) for leak in _leaks_in_file(secrets, log))


def refuse_secrets_in(secrets: Secrets, lines: Iterable[str], name: str) -> None:
    """In what was printed. Raises: AssertionError"""
    _refuse(leaks_in(secrets, lines, name))


def _refuse(leaks: Iterable[Leak]) -> None:
    found = sorted(set(map(str, leaks)))
    assert not found, "\n".join(["There are secrets in the logs:", *found])


def _logs_in(folder: Path) -> Iterator[Path]:
    return (path for pattern in _LOGS for path in folder.rglob(pattern) if path.is_file())


def _leaks_in_file(secrets: Secrets, log: Path) -> Iterator[Leak]:
    with log.open(errors="replace") as lines:
        yield from leaks_in(secrets, lines, log.name)


def leaks_in(secrets: Secrets, lines: Iterable[str], name: str) -> Iterator[Leak]:
    for number, line in enumerate(lines, 1):
        for kind in secrets.kinds_in(line):
            yield Leak(f"{name}:{number}", _event(secrets, line), kind)


def _event(secrets: Secrets, line: str) -> str:
    """The name of one of ours, the severity of one of Postgres; the rest may be the secret."""
    try:
        event = str(json.loads(line)["event"])
    except (ValueError, KeyError, TypeError):
        severity = _SEVERITY.search(line)
        return severity[1] if severity else "a line"
    return "an event's name" if secrets.kinds_in(event) else repr(event[:80])
