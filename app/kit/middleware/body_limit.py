"""A bound on what a request may weigh.

Starlette's own limit answers in plain text; this one lets the application answer in our shape.
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        received = int(declared) if declared.isascii() and declared.isdigit() else 0

        async def receive_within_limit() -> Message:
            nonlocal received
            # FastAPI lets only its own kind of error pass while it reads a body.
            if received > self.max_bytes:
                raise HTTPException(413)
            message = await receive()
            if not declared:
                received += len(message.get("body", b""))
                if received > self.max_bytes:
                    raise HTTPException(413)
            return message

        await self.app(scope, receive_within_limit, send)
