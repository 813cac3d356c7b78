"""The native socket: one conversation, text frames of JSON.

Source: the table of frames in README, "The native socket".
"""

from dataclasses import replace
from typing import Any

import orjson
from starlette.websockets import WebSocket

from app.auth import access
from app.auth.access import SignedIn
from app.kit import networks
from app.kit.errors import ChatFlowError, render
from app.kit.events import Envelope
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime import closing, commands
from app.realtime.channel import Subscription
from app.realtime.commands import Answer, Desk, Malformed
from app.realtime.connection import Connection
from app.realtime.cursor import read_cursor, show_cursor
from app.realtime.frames import Frame
from app.realtime.guard import Listener
from app.realtime.heartbeat import Heartbeat
from app.realtime.shapes import show_event
from app.realtime.sockets import SocketProtocol


async def accept(socket: WebSocket) -> Connection:
    await socket.accept()
    return Connection(socket, socket.state.settings)


async def follow_conversation(socket: WebSocket, connection: Connection) -> None:
    """Raises: Unauthenticated, decided before NotFound; TooManyConnections; Unavailable."""
    signed_in, conversation_id = await _enter(socket)
    house, address = socket.state, networks.key_of_client(socket)
    with (
        house.connections.holding(signed_in.user.id, address, connection.end),
        house.seats.taken_by(signed_in) as seat,
    ):
        desk = Desk(
            signed_in,
            conversation_id,
            connection.id,
            seat,
            house.database,
            house.limits,
            house.settings,
            house.ledger,
            house.writer,
        )
        await NativeClient(socket, connection, desk).follow()


async def _enter(socket: WebSocket) -> tuple[SignedIn, int]:
    """What the database session holds is let go of here: 5 KB a connection (measured)."""
    async with socket.state.database.autocommit() as session:
        signed_in, conversation = await access.enter_by_socket(
            session, socket, socket.path_params["conversation_id"]
        )
    # Each command loads it anew.
    return replace(signed_in, conversation=None), conversation.id


PROTOCOL = SocketProtocol("/cable/{conversation_id}", accept, follow_conversation)


class NativeClient:
    """One client of one conversation, from its welcome to its farewell."""

    def __init__(self, socket: WebSocket, connection: Connection, desk: Desk) -> None:
        self._socket = socket
        self._connection = connection
        self._desk = desk
        self._mistakes = 0
        self._subscription = Subscription(
            topic_of(desk.conversation_id),
            encode_event,
            connection.send,
            self._resync,
            connection.drained,
            sender=connection.id,
        )

    async def follow(self) -> None:
        house, desk = self._socket.state, self._desk
        user_id = desk.signed_in.user.id
        listener = Listener(
            desk.signed_in.login_id, user_id, desk.conversation_id, self._connection.end
        )
        async with house.hub.listening(self._subscription) as head:
            with house.guard.watching(listener):
                self._send(self._welcome(head))
                query = self._socket.query_params
                since = read_cursor(query.get("since"), query.get("epoch"), head)
                await house.hub.resume(self._subscription, since)
                heartbeat = Heartbeat(self._connection, self._subscription, house.settings)
                try:
                    await self._obey()
                finally:
                    heartbeat.stop()

    def _welcome(self, head: Position) -> dict[str, Any]:
        return {
            "type": "welcome",
            "conversation_id": self._desk.conversation_id,
            "seq": head.seq,
            "epoch": head.epoch,
            "cursor": show_cursor(head),
            "heartbeat_seconds": self._desk.settings.heartbeat_seconds,
        }

    async def _obey(self) -> None:
        """The commands of one connection run in order, one at a time."""
        async for text in self._connection.texts():
            try:
                command = commands.decode(text)
                answer = await commands.perform(self._desk, command)
            except ChatFlowError as error:
                self._refuse(error, commands.read_ref(text))
            else:
                self._mistakes = 0
                self._reply(command.type, command.ref, answer)

    def _reply(self, kind: str, ref: str | None, answer: Answer) -> None:
        if kind == "ping":
            self._send({"type": "pong"} | ({"ref": ref} if ref else {}))
        elif ref is not None:
            self._send({"type": "reply", "ref": ref, "status": answer.status, "body": answer.body})

    def _refuse(self, error: ChatFlowError, ref: str | None) -> None:
        body = render(error, self._socket.state.request_id)
        self._send({"type": "reply", "ref": ref, "status": error.status, "body": body})
        if isinstance(error, Malformed):
            self._mistakes += 1
            if self._mistakes > self._desk.settings.socket_mistakes_max:
                self._connection.end(closing.MALFORMED)

    def _resync(self, position: Position) -> None:
        self._send(
            {
                "type": "resync_required",
                "conversation_id": self._desk.conversation_id,
                "seq": position.seq,
                "epoch": position.epoch,
                "cursor": show_cursor(position),
            }
        )

    def _send(self, data: dict[str, Any]) -> None:
        self._connection.send(Frame(orjson.dumps(data).decode()))


def encode_event(envelope: Envelope, epoch: str) -> Frame:
    return Frame(show_event(envelope))
