"""One conversation, from a client's cursor on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from app.auth.access import SignedIn
from app.kit import log
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime.channel import Subscription
from app.realtime.cursor import read_cursor, show_cursor
from app.realtime.feed.asked import Asked
from app.realtime.feed.page import Page
from app.realtime.feed.reader import Reader
from app.realtime.guard import Listener


class ConversationFeed:
    def __init__(self, house: Any, signed_in: SignedIn, asked: Asked) -> None:
        """`signed_in` came through the door of this conversation."""
        assert signed_in.conversation is not None
        self._house, self._signed_in, self._asked = house, signed_in, asked
        self._id = signed_in.conversation.id
        self._topic = topic_of(self._id)
        self._subscription: Subscription

    async def read(self, page: Page) -> None:
        async with self._house.database.autocommit() as session:
            # The head first: an event that is missing below it has been pruned.
            head = await log.position(session, self._topic)
            place = self._place(head) or head
            end = await page.read_on(session, self._topic, place, head)
        page.begins_anew = end is None
        page.places = _show(end or head)

    @asynccontextmanager
    async def following(self, reader: Reader) -> AsyncIterator[None]:
        house, login_id, user_id = self._house, self._signed_in.login_id, self._signed_in.user.id
        self._subscription = Subscription(
            self._topic, reader.encode, reader.hear, partial(self._resync, reader), reader.drained
        )
        listener = Listener(login_id, user_id, self._id, reader.end)
        async with house.hub.listening(self._subscription):
            with house.guard.watching(listener):
                yield

    async def resume(self, reader: Reader) -> None:
        head: Position = self._house.hub.position(self._topic)
        place = self._place(head)
        begins = place or head
        is_known = begins.epoch == head.epoch
        reader.welcome(self._welcome(head), show_cursor(begins) if is_known else None)
        await self._house.hub.resume(self._subscription, place)

    @property
    def cursor(self) -> str:
        return show_cursor(self._position)

    @property
    def places(self) -> dict[str, Any]:
        return _show(self._position)

    @property
    def _position(self) -> Position:
        epoch = self._house.hub.position(self._topic).epoch
        return Position(epoch, self._subscription.seq)

    def _place(self, head: Position) -> Position | None:
        return read_cursor(self._asked.place, self._asked.epoch, head)

    def _welcome(self, head: Position) -> dict[str, Any]:
        return {
            "type": "welcome",
            "conversation_id": self._id,
            "seq": head.seq,
            "epoch": head.epoch,
            "cursor": show_cursor(head),
            "heartbeat_seconds": self._house.settings.stream_comment_seconds,
        }

    def _resync(self, reader: Reader, position: Position) -> None:
        reader.begin_anew(
            {
                "type": "resync_required",
                "conversation_id": self._id,
                "seq": position.seq,
                "epoch": position.epoch,
                "cursor": show_cursor(position),
            }
        )


def _show(position: Position) -> dict[str, Any]:
    return {"seq": position.seq, "cursor": show_cursor(position)}
