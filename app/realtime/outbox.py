"""Frames on their way to one client. Putting one in never waits.

An outbox is bounded: a client that does not read it leaves, and comes back with its cursor.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from starlette.websockets import WebSocket

from app.realtime.closing import TOO_SLOW, Farewell
from app.realtime.frames import Frame
from app.realtime.wire import EXTENSION, Wire


class Outbox(Protocol):
    """`sent_at` is when something was sent last, by the loop's clock; `on_leaving` is how the
    application says goodbye when the server leaves.
    """

    sent_at: float
    on_leaving: Callable[[Farewell], None]

    def put(self, frame: Frame) -> None: ...

    async def drained(self) -> None:
        """Until little is waiting, or the client is gone."""

    def close(self, farewell: Farewell) -> None:
        """Say goodbye after what is waiting. The socket then receives `websocket.disconnect`."""


def outbox_of(socket: WebSocket, max_bytes: int) -> Outbox:
    """The short way where our own protocol class serves; otherwise the one every server has."""
    wire: Wire | None = socket.scope.get("extensions", {}).get(EXTENSION)
    return wire or QueueOutbox(socket, max_bytes)


class QueueOutbox:
    """Under any other ASGI server: a task sends frame by frame, while there are any."""

    def __init__(self, socket: WebSocket, max_bytes: int) -> None:
        self.sent_at = asyncio.get_running_loop().time()
        self.on_leaving: Callable[[Farewell], None] = self.close
        self._socket = socket
        self._max_bytes = max_bytes
        self._waiting: deque[Frame | Farewell] = deque()
        self._waiting_bytes = 0
        self._sending: asyncio.Task[None] | None = None
        self._is_over = False

    def put(self, frame: Frame) -> None:
        self.sent_at = asyncio.get_running_loop().time()
        self._waiting_bytes += len(frame.payload)
        if self._waiting_bytes <= self._max_bytes:
            self._post(frame)
        elif not self._is_over:
            self._throw_away()

    async def drained(self) -> None:
        if self._sending is not None:
            await asyncio.wait([self._sending])

    def close(self, farewell: Farewell) -> None:
        self._post(farewell)

    def _throw_away(self) -> None:
        """End at once, whatever is waiting: this client does not read."""
        self._is_over = True
        if self._sending is not None:
            self._sending.cancel()
        self._waiting.clear()
        self._sending = asyncio.create_task(self._socket.close(TOO_SLOW.code, TOO_SLOW.reason))

    def _post(self, item: Frame | Farewell) -> None:
        if self._is_over:
            return
        self._is_over = isinstance(item, Farewell)
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
                    self._waiting_bytes -= len(item.payload)
