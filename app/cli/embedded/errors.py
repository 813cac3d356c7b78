"""What this folder says when it cannot do its work."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """Its text is for the person at the keyboard: what is wrong, and what helps."""


@contextmanager
def explained(data: Path) -> Iterator[None]:
    """Raises: CannotStart in place of what the operating system says."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"Cannot keep servers in {data}: {error}") from error
