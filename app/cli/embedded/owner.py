"""Who runs the servers: the current user, or `nobody` when the current user is root."""

import errno
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.embedded.errors import CannotStart


@dataclass(frozen=True)
class Owner:
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def spawn_options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess, so that the program runs as this user."""
        # Nothing of the caller's shell: not its secrets, nor PGPORT and LANG, which Postgres obeys.
        options: dict[str, Any] = {"env": {"LC_ALL": "C", "PATH": os.defpath}}
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def take(self, path: Path) -> None:
        """Become the owner of a file or folder that we have just made."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        if not self.is_other:
            return os.access(folder, os.X_OK)
        # Tried and not computed: mode bits do not tell of access lists.
        return self._succeeds("/bin/sh", "-c", 'cd -- "$0"', str(folder))

    def can_run(self, program: Path) -> bool:
        # Tried and not computed: it must also reach its libraries.
        return self._succeeds(str(program), "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, cwd="/", **self.spawn_options())
        except PermissionError as error:
            if error.errno == errno.EPERM:
                raise CannotStart(
                    "Postgres refuses to run as root, and this root may not become `nobody`: "
                    "start ChatFlow as an ordinary user, or set DATABASE_URL and REDIS_URL."
                ) from error
            return False
        return done.returncode == 0


def owner_of_servers() -> Owner:
    """Postgres refuses to run as root, and Valkey has no need to.

    Raises: CannotStart if there is no user `nobody` to hand them to.
    """
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotStart(
            "Postgres refuses to run as root and this machine has no user `nobody` to run it: "
            "start ChatFlow as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return Owner(nobody.pw_uid, nobody.pw_gid)
