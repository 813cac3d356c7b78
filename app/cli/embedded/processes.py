"""Find the living processes of a server without believing any pid file."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def living(names: frozenset[str], folder: Path, mark: str) -> dict[int, int]:
    """The processes with one of these names that work in the folder.

    Where there is no /proc, those with `mark` in their command line.
    Shape: {pid: pid of its parent}
    """
    if _PROC.joinpath("self/cwd").exists():
        return dict(_by_working_folder(names, folder))
    return dict(_by_command_line(names, mark))


def leaders(family: dict[int, int]) -> set[int]:
    """Those whose parent is not one of them: the server, without the children it forked."""
    return {pid for pid, parent in family.items() if parent not in family}


def _by_working_folder(names: frozenset[str], folder: Path) -> Iterator[tuple[int, int]]:
    for process in _PROC.glob("[0-9]*"):
        # A process may end at any step of this. One that has ended, a zombie too, works nowhere.
        with contextlib.suppress(OSError):
            name = process.joinpath("comm").read_text().strip()
            if name in names and process.joinpath("cwd").samefile(folder):
                yield int(process.name), _parent(process)


def _parent(process: Path) -> int:
    # The name, the second field, may itself contain blanks and parentheses.
    return int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])


def _by_command_line(names: frozenset[str], mark: str) -> Iterator[tuple[int, int]]:
    ps = ["/bin/ps", "-axww", "-o", "pid=,ppid=,command="]
    for line in subprocess.check_output(ps, text=True).splitlines():
        pid, parent, command = line.split(None, 2)
        if Path(command.split()[0]).name in names and mark in command:
            yield int(pid), int(parent)


def send(pids: set[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
