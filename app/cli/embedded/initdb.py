"""Make the data folder of Postgres, and in it the database."""

import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

from app.cli.embedded import processes
from app.cli.embedded.errors import CannotStart
from app.cli.embedded.home import Home
from app.cli.embedded.owner import Owner

DATABASE = "chatflow"
USER = "postgres"
_STATEMENT = f"CREATE DATABASE {DATABASE};\n"
_PROGRAMS = frozenset({"initdb", "postgres"})

# It takes half a second here; a slow disk may take a hundred times as long.
_MAKE_SECONDS = 60


def make(folder: Path, programs: Path, major: int, home: Home) -> None:
    """The folder gets its name when it is complete: what bears the name is never half a database.

    Raises: CannotStart with what the program said.
    """
    unfinished = folder.with_name(f"{folder.name}.new")
    _clear(unfinished)
    home.make_folder(unfinished)
    run = partial(_run, unfinished, home.owner)
    run([str(programs / "initdb"), "-D", str(unfinished), *_options(major)])
    run([str(programs / "postgres"), "--single", "-D", str(unfinished), "postgres"], _STATEMENT)
    unfinished.rename(folder)


def _clear(unfinished: Path) -> None:
    # Whoever began it was killed, but their initdb may still be writing.
    while family := processes.living(_PROGRAMS, unfinished, mark=str(unfinished)):
        processes.send(set(family), signal.SIGKILL)
    if unfinished.exists():
        shutil.rmtree(unfinished)


def _options(major: int) -> list[str]:
    options = [f"--username={USER}", "--encoding=UTF8", "--auth-local=trust", "--auth-host=reject"]
    if major < 17:
        return [*options, "--locale=C.UTF-8"]
    return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _run(folder: Path, owner: Owner, command: list[str], statement: str = "") -> None:
    done = subprocess.run(
        command,
        input=statement,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        timeout=_MAKE_SECONDS,
        start_new_session=True,
        **owner.spawn_options(),
    )
    # In single-user mode a failed statement is only printed.
    if done.returncode != 0 or "ERROR:" in done.stdout:
        raise CannotStart(f"Cannot make a database in {folder}:\n{done.stdout}")
