"""The folders the servers live in: one for their data, one for their sockets."""

import contextlib
import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from app.cli.embedded.errors import CannotStart, explained
from app.cli.embedded.owner import Owner, owner_of_servers

# What root uses when `nobody` may not enter the current folder, such as /root.
_SHARED_DATA_DIR = Path("/var/lib/chatflow")


@dataclass(frozen=True)
class Home:
    data: Path
    owner: Owner

    @property
    def sockets(self) -> Path:
        # Not below the data: a socket's path ends after 104 bytes. Not in $TMPDIR either: it may
        # differ between two shells, and both must find the same servers.
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(f"/tmp/chatflow-{self.owner.uid}-{digest}")  # noqa: S108 (see open_sockets)

    def open_sockets(self) -> None:
        """Make sure that it is ours: anybody who made it before us could answer as our database.

        Raises: CannotStart
        """
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
        if self.sockets.lstat().st_uid == os.geteuid():
            self.owner.take(self.sockets)
        found = self.sockets.lstat()
        is_private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
        if not is_private or found.st_uid != self.owner.uid:
            raise CannotStart(f"{self.sockets} is not a private folder of ours: remove it.")

    def close_sockets(self) -> None:
        # A killed server leaves its socket there.
        shutil.rmtree(self.sockets, ignore_errors=True)

    def make_folder(self, folder: Path) -> None:
        """A folder of the servers' own, below the data.

        Raises: CannotStart if it belongs to another user.
        """
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.owner.take(folder)
        self.refuse_strange(folder)

    def refuse_strange(self, folder: Path) -> None:
        # Postgres serves nobody but the owner of its data.
        uid = folder.stat().st_uid
        if uid != self.owner.uid:
            raise CannotStart(
                f"{folder} belongs to user {uid}, and the servers would now run as user "
                f"{self.owner.uid}: start ChatFlow as the user who started it first."
            )


def default_data_dir() -> Path:
    """Raises: CannotStart"""
    here = Path.cwd() / "data"
    return here if owner_of_servers().can_enter(_existing(here)) else _SHARED_DATA_DIR


def open_home(data_dir: Path) -> Home:
    """Make what is missing of the folder, and change nothing that was there.

    Raises: CannotStart if we may not write there, or the servers' user may not enter.
    """
    data, owner = data_dir.expanduser().resolve(), owner_of_servers()
    with explained(data):
        if not owner.can_enter(_existing(data)):
            raise CannotStart(
                "Started by root, the servers run as `nobody`, who may not enter "
                f"{_existing(data)}: choose a data folder that everybody may enter, "
                f"such as {_SHARED_DATA_DIR}."
            )
        _make(data, owner)
        (data / "log").mkdir(mode=0o700, exist_ok=True)
    return Home(data, owner)


def _existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def _make(folder: Path, owner: Owner) -> None:
    if not folder.exists():
        _make(folder.parent, owner)
        # Another process may make it at the same moment.
        folder.mkdir(exist_ok=True)
        # `nobody` must pass through a folder of root's to reach its own below.
        folder.chmod(0o711 if owner.is_other else 0o700)
