"""The cable between the workers and Valkey: it can be cut, fall silent, or not be there at all."""

import asyncio
from pathlib import Path

from tests.cli.running import free_port

_CHUNK_BYTES = 65_536


class Cable:
    """A TCP proxy before Valkey's socket."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._is_silent = False

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    async def plug_in(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)

    async def pull_out(self) -> None:
        """From now on nobody listens there."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Every connection breaks, and what was under way in it is gone."""
        self._freeze()
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    def fall_silent(self) -> None:
        """No connection is closed, none carries anything, and new ones are accepted like these."""
        self._is_silent = True
        self._freeze()

    def speak_again(self) -> None:
        """New connections work. Those that fell silent stay half-open for ever."""
        self._is_silent = False

    def _freeze(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        self._pumps.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        if self._is_silent:
            return
        try:
            from_valkey, to_valkey = await asyncio.open_unix_connection(self._socket)
        except OSError:
            writer.transport.abort()
            return
        self._ends.add(to_valkey)
        for source, sink in ((reader, to_valkey), (from_valkey, writer)):
            self._pumps.add(asyncio.create_task(_pump(source, sink)))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(_CHUNK_BYTES):
            sink.write(data)
            await sink.drain()
    except OSError:
        pass  # One side broke off: so does the other.
    sink.close()
