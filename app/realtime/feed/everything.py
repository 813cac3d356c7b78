"""Everything that concerns one person, from a client's cursor on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.access import SignedIn
from app.auth.events import topic_of_user
from app.kit import log
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime.channel import Subscription
from app.realtime.cursor import UserCursor, read_user_cursor, show_user_cursor
from app.realtime.feed.asked import Asked
from app.realtime.feed.page import Page
from app.realtime.feed.reader import Reader
from app.realtime.guard import Listener
from app.realtime.user_feed import UserFeed


class EverythingFeed:
    def __init__(self, house: Any, signed_in: SignedIn, asked: Asked) -> None:
        self._house, self._signed_in, self._asked = house, signed_in, asked
        self._user_id = signed_in.user.id
        self._own = topic_of_user(self._user_id)
        self._feed: UserFeed

    # What the log has now.

    async def read(self, page: Page) -> None:
        async with self._house.database.autocommit() as session:
            joined = await queries.list_memberships(session, self._user_id)
            heads = await log.positions(session, [self._own, *map(topic_of, joined)])
            epoch, own_seq = heads[self._own].epoch, heads[self._own].seq
            places = {id: heads[topic_of(id)].seq for id in joined}
            if (known := self._known(epoch)) is not None:
                # What one has come into since is news from there on.
                places = {id: known.conversations.get(id, seq) for id, seq in joined.items()}
                own_seq, places = await self._read_on(session, page, known.seq, heads, places)
        page.begins_anew |= known is None and self._asked.place is not None
        page.places = {"cursor": show_user_cursor(epoch, self._user_id, own_seq, places)}

    async def _read_on(
        self,
        session: AsyncSession,
        page: Page,
        own_seq: int,
        heads: dict[str, Position],
        places: dict[int, int],
    ) -> tuple[int, dict[int, int]]:
        """One's own topic first, and then the conversations. Shape: where each of them ends."""
        head = heads[self._own]
        own = await page.read_on(session, self._own, Position(head.epoch, own_seq), head)
        page.begins_anew = own is None
        ends = {}
        for id, seq in places.items():
            head = heads[topic_of(id)]
            end = await page.read_on(session, topic_of(id), Position(head.epoch, seq), head)
            if end is None:
                page.add(orjson.dumps(_lost(id, head)).decode())
            ends[id] = (end or head).seq
        return (own or heads[self._own]).seq, ends

    def _known(self, epoch: str) -> UserCursor | None:
        """None for no cursor, and for one of another person, another log, or none at all."""
        cursor = read_user_cursor(self._asked.place) if self._asked.place is not None else None
        if cursor is None or (cursor.epoch, cursor.user_id) != (epoch, self._user_id):
            return None
        return cursor

    # What happens.

    @asynccontextmanager
    async def following(self, reader: Reader) -> AsyncIterator[None]:
        house = self._house
        listener = Listener(self._signed_in.login_id, self._user_id, None, reader.end)
        self._feed = UserFeed(
            house.hub, house.guard, house.database, listener, partial(self._subscribe, reader)
        )
        async with self._feed.followed():
            yield

    def _subscribe(self, reader: Reader, topic: str) -> Subscription:
        resync = partial(self._resync, reader, topic)
        return Subscription(topic, reader.encode, reader.hear, resync, reader.drained)

    async def resume(self, reader: Reader) -> None:
        head = self._feed.head
        known = self._known(self._feed.epoch)
        if known is not None:
            reader.welcome(self._welcome(head), self._asked.place)
            await self._feed.resume(partial(self._place_of, known))
            return
        await self._feed.resume(_present)  # All in one turn: nothing happens in between.
        reader.welcome(self._welcome(self.cursor), self.cursor)
        if self._asked.place is not None:
            reader.begin_anew({"type": "resync_required", "cursor": self.cursor})

    def _place_of(self, known: UserCursor, topic: str) -> Position:
        if topic == self._own:
            return Position(known.epoch, known.seq)
        seq = known.conversations.get(int(topic.rpartition(":")[2]))
        return self._feed.beginning(topic) if seq is None else Position(known.epoch, seq)

    @property
    def cursor(self) -> str:
        return self._feed.cursor

    @property
    def places(self) -> dict[str, Any]:
        return {"cursor": self.cursor}

    def _welcome(self, head: str) -> dict[str, Any]:
        return {
            "type": "welcome",
            "user_id": self._user_id,
            "epoch": self._feed.epoch,
            "cursor": head,
            "heartbeat_seconds": self._house.settings.stream_comment_seconds,
        }

    def _resync(self, reader: Reader, topic: str, position: Position) -> None:
        if topic == self._own:
            reader.begin_anew({"type": "resync_required", "cursor": self.cursor})
        else:
            reader.lose(_lost(int(topic.rpartition(":")[2]), position))


def _present(topic: str) -> None:
    return None


def _lost(conversation_id: int, position: Position) -> dict[str, Any]:
    """To be fetched anew. The cursor of the feed goes on, so it is not repeated here."""
    return {
        "type": "resync_required",
        "conversation_id": conversation_id,
        "seq": position.seq,
        "epoch": position.epoch,
    }
