"""What Postgres and Valkey have in common: to be found, started, waited for and stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from app.cli.embedded import locks, logs, processes, sockets
from app.cli.embedded.errors import CannotStart
from app.cli.embedded.home import Home

_POLL_SECONDS = 0.01


class StillStarting(CannotStart):
    """It lives but does not answer yet."""


class Server(ABC):
    name: ClassVar[str]
    process_names: ClassVar[frozenset[str]]
    start_seconds: ClassVar[float]
    # How to ask it to stop, and how long to wait before asking less politely.
    farewells: ClassVar[tuple[tuple[signal.Signals, float], ...]]

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.data / self.name
        self.log = home.data / "log" / f"{self.name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def address(self) -> Path:
        """The path of its socket."""

    @abstractmethod
    def prepare(self) -> list[str]:
        """Make its data folder ready and return the command that runs it in the foreground."""

    @abstractmethod
    def answers(self, connection: socket.socket) -> bool:
        """Does a request of its protocol get the answer of a server that is ready?"""

    def start(self) -> None:
        """Start it unless it runs already, and wait until it answers.

        Raises: CannotStart
        """
        if self._serves_our_folder():
            self._wait_until_ready(None)
        else:
            self.stop()
            self.child = self._spawn()
            self._wait_until_ready(self.child)

    def stop(self) -> None:
        """Ask politely, then firmly, then kill. Nothing happens to a server that does not run."""
        for farewell, seconds in self.farewells:
            family = self._family()
            # To a child of Postgres the first farewell means something else, the others the same.
            is_first = farewell is self.farewells[0][0]
            processes.send(processes.leaders(family) if is_first else set(family), farewell)
            if _wait(self._is_gone, seconds):
                return

    def let_go(self) -> None:
        """Others still use it, and the last of them stops it."""
        if self.child is not None and self.child.poll() is None:
            # Popen complains of children that outlive it; this one does so on purpose.
            self.child.returncode = 0

    def listens(self) -> bool:
        return sockets.find_listener(self.address) is not None

    def _serves_our_folder(self) -> bool:
        # The data folder may have been moved, or removed and made again, under a running server:
        # then the one that listens here works elsewhere.
        return sockets.find_listener(self.address) in self._living()

    def _living(self) -> dict[int, int]:
        return processes.living(self.process_names, self.folder, mark=str(self.home.sockets))

    def _family(self) -> dict[int, int]:
        """The processes that work in our folder, or else the one that listens in its place."""
        if family := self._living():
            return family
        listener = sockets.find_listener(self.address)
        return {listener: 0} if listener else {}

    def _is_gone(self) -> bool:
        return not self._family() and (self.child is None or self.child.poll() is not None)

    def _spawn(self) -> subprocess.Popen[bytes]:
        life = self._life()
        try:
            command = self.prepare()
            self.home.refuse_strange(self.folder)
            with logs.open_for_append(self.log) as output:
                return subprocess.Popen(
                    command,
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server.
                    pass_fds=[life],
                    **self.home.owner.spawn_options(),
                )
        finally:
            os.close(life)

    def _life(self) -> int:
        try:
            return locks.life(self.home.data, self.name)
        except BlockingIOError:
            raise CannotStart(
                f"Another container or machine already runs {self.name} on {self.home.data}."
            ) from None

    def _wait_until_ready(self, child: subprocess.Popen[bytes] | None) -> None:
        def has_exited() -> bool:
            return child is not None and child.poll() is not None

        if not _wait(lambda: has_exited() or self._is_ready(), self.start_seconds):
            waited = f"{self.name} does not answer after {self.start_seconds:.0f} seconds."
            raise StillStarting(f"{waited} {logs.last_words(self.log)}")
        if has_exited():
            raise CannotStart(f"{self.name} ended while it started. {logs.last_words(self.log)}")

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError), sockets.connect(self.address) as connection:
            return self.answers(connection)
        return False


def _wait(is_done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
