"""One client: what goes out to it, within bounds, and how it ends."""

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketState

from app.kit.errors import ChatFlowError
from app.kit.limits import Budget
from app.kit.settings import Settings
from app.realtime import closing
from app.realtime.closing import Farewell
from app.realtime.frames import Frame
from app.realtime.outbox import outbox_of


class Connection:
    """`id` names it in this process, so that what it says is not sent back to it.

    `send` never waits. A client that does not read leaves, and comes back with its cursor.
    """

    send: Callable[[Frame], None]

    def __init__(self, socket: WebSocket, settings: Settings) -> None:
        self.id = uuid4().hex
        self._socket = socket
        self._outbox = outbox_of(socket, settings.outbox_max_bytes)
        self._outbox.on_leaving = self.end
        self.send = self._outbox.put  # Nothing stands between: it is called for each delivery.
        self._budget = Budget(settings.socket_messages_max, settings.socket_messages_seconds)
        self._has_ended = False

    @property
    def sent_at(self) -> float:
        """When something was sent last, by the loop's clock."""
        return self._outbox.sent_at

    def end(self, farewell: Farewell) -> None:
        """The first farewell is the one that counts."""
        if not self._has_ended:
            self._has_ended = True
            self._outbox.close(farewell)

    def end_for(self, error: ChatFlowError) -> None:
        self.end(closing.for_error(error))

    async def drained(self) -> None:
        """For long replays: until the client has read most of what was sent."""
        await self._outbox.drained()

    async def texts(self) -> AsyncIterator[str]:
        """What the client says, until it or we have said goodbye."""
        while self._socket.client_state is WebSocketState.CONNECTED:
            message = await self._socket.receive()
            if self._has_ended or message["type"] == "websocket.disconnect":
                continue  # The end, or what was said before our goodbye was heard.
            if (text := message.get("text")) is None:
                self.hear_binary()
            elif self._budget.spend():
                yield text
            else:
                self.end(closing.TOO_MANY)

    def hear_binary(self) -> None:
        self.end(closing.TEXT_ONLY)
