"""A clock that jumps: the workers and Postgres read it from a file, by way of libfaketime.

Valkey keeps the true time: with libfaketime before it, it hangs at its start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from app.cli.embedded.postgres import Postgres

# Of Debian's package `libfaketime`.
_LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"


class Clock:
    """The wall clock, as an operator sets it: the monotonic one goes on as before."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+0")

    def set(self, offset: str) -> None:
        """`-1d` or `+1d`: a day from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset}\n")
        new.replace(self._file)  # Nobody reads half an offset.

    @contextmanager
    def before_postgres(self) -> Iterator[None]:
        """Every Postgres that is started in this block lives by it."""
        prepare = Postgres.prepare

        def with_clock(postgres: Postgres) -> list[str]:
            clock = [f"{name}={value}" for name, value in self.environment.items()]
            return ["/usr/bin/env", *clock, *prepare(postgres)]

        with patch.object(Postgres, "prepare", with_clock):
            yield


@contextmanager
def clock_for(place: Path) -> Iterator[Clock | None]:
    """None where there is no libfaketime."""
    library = next(Path("/").glob(_LIBRARY), None)
    if library is None:
        yield None
        return
    clock = Clock(place / "clock", library)
    with clock.before_postgres():
        yield clock
