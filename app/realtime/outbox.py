"""Frames on their way to one client. Putting one in never waits."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Protocol

from starlette.websockets import WebSocket

from app.realtime.closing import Farewell
from app.realtime.frames import Frame
from app.realtime.wire import EXTENSION, Wire


class Outbox(Protocol):
    def put(self, frame: Frame) -> None: ...

    def waiting_bytes(self) -> int: ...

    async def drained(self) -> None:
        """Until little is waiting, or the client is gone."""

    def close(self, farewell: Farewell) -> None:
        """Say goodbye after what is waiting. The socket then receives `websocket.disconnect`."""

    def throw_away(self, farewell: Farewell) -> None:
        """End at once, whatever is waiting: this client does not read."""


def outbox_of(socket: WebSocket) -> Outbox:
    """The short way where our own protocol class serves; otherwise the one every server has."""
    wire = socket.scope.get("extensions", {}).get(EXTENSION)
    return WireOutbox(wire) if wire else QueueOutbox(socket)


class WireOutbox:
    """The transport's buffer is the outbox: no task, and the same bytes for every listener."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, frame: Frame) -> None:
        self._wire.write(frame.wire)

    def waiting_bytes(self) -> int:
        return self._wire.buffered_bytes()

    async def drained(self) -> None:
        await self._wire.drained()

    def close(self, farewell: Farewell) -> None:
        self._wire.close(farewell)

    def throw_away(self, farewell: Farewell) -> None:
        self._wire.abort()


class QueueOutbox:
    """Under any other ASGI server: a task sends frame by frame, while there are any."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: deque[Frame | Farewell] = deque()
        self._waiting_bytes = 0
        self._sending: asyncio.Task[None] | None = None

    def put(self, frame: Frame) -> None:
        self._waiting_bytes += len(frame.wire)
        self._post(frame)

    def waiting_bytes(self) -> int:
        return self._waiting_bytes

    async def drained(self) -> None:
        if self._sending is not None:
            await asyncio.wait([self._sending])

    def close(self, farewell: Farewell) -> None:
        self._post(farewell)

    def throw_away(self, farewell: Farewell) -> None:
        if self._sending is not None:
            self._sending.cancel()
        self._waiting.clear()
        self._sending = asyncio.create_task(self._socket.close(farewell.code, farewell.reason))

    def _post(self, item: Frame | Farewell) -> None:
        self._waiting.append(item)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_what_waits())

    async def _send_what_waits(self) -> None:
        with suppress(Exception):  # The client is gone; whoever reads from it is told so.
            while self._waiting:
                item = self._waiting.popleft()
                if isinstance(item, Farewell):
                    await self._socket.close(item.code, item.reason)
                else:
                    await self._socket.send_text(item.text)
                    self._waiting_bytes -= len(item.wire)
