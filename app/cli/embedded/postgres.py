"""The private Postgres: reached by a Unix socket only."""

import signal
import socket
import struct
from pathlib import Path

from app.cli.embedded import copies, initdb
from app.cli.embedded.binaries import find_postgres
from app.cli.embedded.home import Home
from app.cli.embedded.server import Server

_PROTOCOL_3_0 = 3 << 16
_CANNOT_CONNECT_NOW = b"C57P03\0"


class Postgres(Server):
    name = "postgres"
    process_names = frozenset({"postgres"})
    start_seconds = 30.0  # After a crash it first reads up to 1 GB of its log.
    farewells = (
        (signal.SIGINT, 5.0),  # "Fast": ends the sessions and writes a checkpoint.
        (signal.SIGQUIT, 2.0),
        (signal.SIGKILL, 1.0),
    )

    def __init__(self, home: Home, *, durable: bool) -> None:
        super().__init__(home)
        self.durable = durable

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://{initdb.USER}@/{initdb.DATABASE}?host={self.home.sockets}"

    @property
    def address(self) -> Path:
        return self.home.sockets / ".s.PGSQL.5432"

    def prepare(self) -> list[str]:
        found = find_postgres(self.folder)
        programs = copies.runnable(found.initdb, found.trees, found.base, self.home).parent
        if not self.folder.exists():
            initdb.make(self.folder, programs, found.major, self.home)
        self._remove_stale_files()
        return [str(programs / "postgres"), "-D", str(self.folder), *self._options()]

    def answers(self, connection: socket.socket) -> bool:
        """Source: Postgres documentation, "Message Formats": StartupMessage and ErrorResponse."""
        words = f"user\0{initdb.USER}\0database\0{initdb.DATABASE}\0\0".encode()
        connection.sendall(struct.pack("!ii", 8 + len(words), _PROTOCOL_3_0) + words)
        answer = connection.recv(4096)
        return answer != b"" and _CANNOT_CONNECT_NOW not in answer

    def _remove_stale_files(self) -> None:
        # `start` has seen to it that no process of this server lives. Whoever now has the pid in
        # these files is a stranger, and Postgres would refuse to start beside it.
        for stale in (self.folder / "postmaster.pid", self.address, Path(f"{self.address}.lock")):
            stale.unlink(missing_ok=True)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.home.sockets),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Without the details of an error, which are whole rows: messages, hashes of passwords.
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        return [f"--{name}={value}" for name, value in settings.items()]
