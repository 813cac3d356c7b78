"""A worker process, seen from its parent."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Mapping

from app.cli.embedded import CannotStart


class WorkerProcess:
    def __init__(self, door: socket.socket, environment: Mapping[str, str]) -> None:
        """Raises: CannotStart if the system has no process left for us."""
        self.line, theirs = socket.socketpair()
        self.line.setblocking(False)
        with theirs:
            self._process = _spawn(door.fileno(), theirs.fileno(), environment)
        self.has_started = False
        self.is_old = False
        self.age_seconds = 0.0
        self.silent_seconds = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def listen(self, elapsed_seconds: float) -> None:
        """Each beat ends a silence; the first one says that the worker has started."""
        self.age_seconds += elapsed_seconds
        self.silent_seconds += elapsed_seconds
        with contextlib.suppress(BlockingIOError):
            while self.line.recv(4096):
                self.has_started = True
                self.silent_seconds = 0.0

    def ask_to_leave(self) -> None:
        """Who leaves beats no more: from now on its silence is the time that it takes."""
        self._process.terminate()
        self.silent_seconds = 0.0

    def kill(self) -> None:
        self._process.kill()

    def bury(self) -> None:
        self.line.close()


def _spawn(door: int, line: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # -P: a folder named `app` in the current one is not ours.
    command = [sys.executable, "-P", "-m", "app.cli.worker", str(door), str(line)]
    try:
        return subprocess.Popen(
            command,
            env=environment,
            pass_fds=[door, line],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for us to pass on.
        )
    except OSError as error:
        raise CannotStart(f"Cannot start a worker: {error.strerror}.") from error
