"""The HTTP protocol class that uvicorn runs for us: a stream must know when its client is gone.

What it adds to uvicorn's own, because of what was measured there: a stream that stops while its
client does not read is closed only when the buffer has drained, which may be never; and a client
that sends a second request behind a stream, and leaves, is never reported as gone.
"""

import asyncio
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "chatflow.line"


class Line:
    """What a stream may know of its connection, below ASGI, and do with it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.lost = asyncio.Event()

    async def abort(self) -> None:
        """Gone at once, with whatever was in the buffer."""
        self._transport.abort()
        await self.lost.wait()


class ChatFlowHTTP(HttpToolsProtocol):
    """For uvicorn's `http=`. The scope's extensions carry a `Line` to the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.line = Line(transport)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {EXTENSION: self.line}
        self.scope["extensions"] = extensions

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.line.lost.set()


def line_of(scope: Scope) -> Line | None:
    """None under any other server."""
    line: Line | None = scope.get("extensions", {}).get(EXTENSION)
    return line


async def gone(scope: Scope, receive: Receive) -> None:
    """Until the client is."""
    if (line := line_of(scope)) is not None:
        await line.lost.wait()
        return
    while (await receive())["type"] != "http.disconnect":
        pass
