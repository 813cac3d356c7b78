"""A line to Valkey that can fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Line:
    """What goes through it goes on to a Unix socket, until it is cut or falls silent."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = self._is_silent = False
        self.callers = 0
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def to(cls, path: str) -> AsyncIterator["Line"]:
        line = cls(path)
        async with await asyncio.start_server(line._carry, "127.0.0.1", 0) as server:
            line.port = server.sockets[0].getsockname()[1]
            yield line
            line.cut()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def cut(self) -> None:
        self._is_cut = True
        for writer in self._writers:
            writer.close()

    def fall_silent(self) -> None:
        self._is_silent = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.callers += 1
        there, to_there = await asyncio.open_unix_connection(self._path)
        self._writers |= {writer, to_there}
        if self._is_cut:
            self.cut()
        await asyncio.gather(self._pump(reader, to_there), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if not self._is_silent:
                writer.write(data)
        writer.close()
