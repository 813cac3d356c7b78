"""Where WebSockets come in: the handshake, the way to their protocol, and the goodbye.

They leave the way of HTTP here: the coroutines that stand there cost each connection 5 KB for as
long as it lasted, and a tenth of its handshake (measured).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.kit.errors import ChatFlowError, NotFound
from app.kit.http import error_response, log_unexpected
from app.kit.middleware.cross_site import CrossSiteRequest
from app.realtime.connection import Connection

Connected = TypeVar("Connected", bound=Connection)


@dataclass(frozen=True)
class SocketProtocol(Generic[Connected]):
    """What is spoken at an address. `serve` raises ChatFlowError, and the client is told."""

    path: str
    accept: Callable[[WebSocket], Awaitable[Connected]]
    serve: Callable[[WebSocket, Connected], Awaitable[None]]


class Sockets:
    """Middleware: whatever is no WebSocket goes on."""

    def __init__(self, app: ASGIApp, protocols: Sequence[SocketProtocol[Any]]) -> None:
        self._app = app
        self._protocols = [(compile_path(one.path)[0], one) for one in protocols]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "websocket":
            return self._app(scope, receive, send)
        return self._open(WebSocket(scope, receive, send))

    async def _open(self, socket: WebSocket) -> None:
        protocol = self._find(socket)
        if protocol is None:
            await _refuse(socket, NotFound())
        elif _is_foreign(socket):
            await _refuse(socket, CrossSiteRequest())
        else:
            await _speak(socket, protocol)

    def _find(self, socket: WebSocket) -> SocketProtocol[Any] | None:
        for address, protocol in self._protocols:
            if found := address.match(socket.scope["path"]):
                socket.scope["path_params"] = found.groupdict()
                return protocol
        return None


def _is_foreign(socket: WebSocket) -> bool:
    """A handshake without an `Origin` does not come from a browser, and is welcome."""
    origin = socket.headers.get("origin")
    return origin is not None and not socket.state.origins.is_ours(origin, socket.scope)


async def _refuse(socket: WebSocket, error: ChatFlowError) -> None:
    await socket.send_denial_response(error_response(error, socket.state.request_id))


async def _speak(socket: WebSocket, protocol: SocketProtocol[Any]) -> None:
    connection = await protocol.accept(socket)
    try:
        await protocol.serve(socket, connection)
    except ChatFlowError as error:
        connection.end_for(error)
    except Exception as error:
        log_unexpected(error)
        connection.end_for(ChatFlowError())
    # What we said last is on its way: wait for the other side's goodbye.
    async for _ in connection.texts():
        pass
