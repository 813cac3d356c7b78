"""The last net: a mistake of ours is logged whole, and shown as `internal`.

A handler for `Exception` would not do: Starlette raises the error again after it has answered,
and uvicorn then drops the connection.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import ChatFlowError
from app.kit.http import error_response, log_unexpected


class Unexpected:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_answering = False

        async def send_and_note(message: Message) -> None:
            nonlocal is_answering
            is_answering = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            log_unexpected(error)
            if is_answering:
                raise  # Too late for an error body: the server must break the connection off.
            await error_response(ChatFlowError(), scope["state"]["request_id"])(
                scope, receive, send
            )
