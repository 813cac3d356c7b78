"""Headers that every answer has: the request's id, and what keeps browsers careful."""

import re
from secrets import token_hex

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_UNLESS_SET = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    # What we answer depends on who asks, and may change at any time.
    b"cache-control": b"private, no-cache",
    b"vary": b"Cookie, Authorization",
}
_ONE_YEAR = (b"strict-transport-security", b"max-age=31536000")


class AnswerHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        added = [*_ALWAYS, (b"x-request-id", request_id.encode())]
        if scope["scheme"] in ("https", "wss"):
            added.append(_ONE_YEAR)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message["headers"] = [*message.get("headers", []), *added]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [
                    (name, value) for name, value in _UNLESS_SET.items() if name not in present
                ]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _request_id(scope: Scope) -> str:
    """The client's own, if it is one that is safe to log and to send back."""
    theirs = Headers(scope=scope).get("x-request-id", "")
    return theirs if _REQUEST_ID.fullmatch(theirs) else token_hex(16)
