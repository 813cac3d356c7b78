"""A POST by hand, over a connection that can be broken off at any byte."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from tests.secrecy import SECRETS
from tests.system.people import Seat

_RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER, for no time.


class RawPost:
    def __init__(
        self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.bytes, self._reader, self._writer = request, reader, writer

    @classmethod
    @asynccontextmanager
    async def by(cls, seat: Seat, draft: dict[str, str]) -> AsyncIterator[Self]:
        host, _, port = seat.address.partition(":")
        post = cls(_request(seat, draft), *await asyncio.open_connection(host, int(port)))
        try:
            yield post
        finally:
            post._writer.transport.abort()

    @property
    def port(self) -> int:
        port: int = self._writer.get_extra_info("sockname")[1]
        return port

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def message(self) -> dict[str, Any]:
        """Wait for the answer, which must be the message."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert int(head.split()[1]) in (200, 201), head
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        message: dict[str, Any] = json.loads(await self._reader.readexactly(length))
        return message

    def reset(self) -> None:
        """As if the client's machine had lost its power and come back."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        self._writer.transport.abort()


def _request(seat: Seat, draft: dict[str, str]) -> bytes:
    body = json.dumps(draft)
    SECRETS.add_text(body)
    lines = [
        f"POST {seat.path}/messages HTTP/1.1",
        f"Host: {seat.address}",
        f"Authorization: Bearer {seat.person.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()
