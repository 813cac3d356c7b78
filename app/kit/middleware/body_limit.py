"""A bound on what a request may weigh.

Starlette's own limit answers in plain text; this one lets the application answer in our shape.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    def __init__(
        self, app: ASGIApp, max_bytes: int, max_bytes_at: Mapping[str, int] | None = None
    ) -> None:
        """`max_bytes_at` is by path, for those that take more."""
        self.app = app
        self.max_bytes = max_bytes
        self.max_bytes_at = max_bytes_at or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = self.max_bytes_at.get(scope["path"], self.max_bytes)
        declared = Headers(scope=scope).get("content-length", "")
        received = int(declared) if declared.isascii() and declared.isdigit() else 0

        async def receive_within_limit() -> Message:
            nonlocal received
            # FastAPI lets only its own kind of error pass while it reads a body.
            if received > max_bytes:
                raise HTTPException(413)
            message = await receive()
            if not declared:
                received += len(message.get("body", b""))
                if received > max_bytes:
                    raise HTTPException(413)
            return message

        await self.app(scope, receive_within_limit, send)
