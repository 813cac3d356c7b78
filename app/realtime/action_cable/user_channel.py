"""`UserChannel`: everything that concerns the person, in all their conversations."""

from contextlib import AsyncExitStack
from typing import Any

import orjson

from app.auth.events import topic_of_user
from app.kit import log
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime.action_cable import actions, frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.connection import RESYNC
from app.realtime.action_cable.encoding import UserEncoding
from app.realtime.action_cable.history import Places
from app.realtime.action_cable.protocol import Malformed
from app.realtime.channel import Subscription
from app.realtime.cursor import read_user_cursor, show_user_cursor
from app.realtime.user_feed import UserFeed


class UserChannel:
    _feed: UserFeed

    def __init__(self, caller: Caller, identifier: str) -> None:
        self.heads: Places = {}
        self.beginnings: Places = {}
        self.topic: str | None = None
        self._caller = caller
        self._identifier = identifier
        self._encoding = UserEncoding(identifier, caller.is_extended)
        self._following = AsyncExitStack()
        self._is_live = self._has_lost = False

    async def follow(self) -> None:
        house, caller = self._caller.house, self._caller
        self._feed = UserFeed(
            house.hub, house.guard, house.database, caller.listener(), self._subscribe
        )
        await self._following.enter_async_context(self._feed.followed())
        self.heads = {topic: house.hub.position(topic) for topic in self._feed.topics}
        self.beginnings = {topic: self._feed.beginning(topic) for topic in self._feed.topics}

    def greet(self) -> None:
        """A cursor for whoever goes on by another transport."""
        own = self.heads[topic_of_user(self._caller.user_id)]
        places = {
            int(id): position.seq
            for topic, position in self.heads.items()
            for audience, _, id in [topic.partition(":")]
            if audience == "conversation"
        }
        cursor = show_user_cursor(own.epoch, self._caller.user_id, own.seq, places)
        message = orjson.dumps({"type": "welcome", "cursor": cursor}).decode()
        self._caller.connection.send(frames.data(self._identifier, message))

    async def resume(self, places: Places) -> bool:
        if self._is_live:
            if not places:
                return True
            await self._hold()
        can_be_served = await self._can_be_served(places)
        wanted = {**self.heads, **places} if can_be_served else {}
        self._has_lost = False
        await self._feed.resume(wanted.get)
        self._is_live = True
        return can_be_served and not self._has_lost

    async def _hold(self) -> None:
        """Follow anew; a topic that is not asked for goes on from what was sent of it."""
        sent = self._sent()
        await self.close()
        self._is_live = False
        await self.follow()
        self.heads = {topic: sent.get(topic, head) for topic, head in self.heads.items()}

    def _sent(self) -> Places:
        cursor = read_user_cursor(self._feed.cursor)
        assert cursor is not None
        own = {topic_of_user(cursor.user_id): Position(cursor.epoch, cursor.seq)}
        return own | {
            topic_of(id): Position(cursor.epoch, seq) for id, seq in cursor.conversations.items()
        }

    async def _can_be_served(self, places: Places) -> bool:
        """All or nothing: one topic that cannot be gone on with refuses the whole request."""
        if not places:
            return True
        async with self._caller.house.database.autocommit() as session:
            return await log.can_go_on(session, places)

    async def perform(self, data: dict[str, Any]) -> None:
        actions.perform_anywhere(self._caller, self._identifier, data)

    async def whisper(self, data: Any) -> None:
        raise Malformed

    async def close(self) -> None:
        await self._following.aclose()

    def _subscribe(self, topic: str) -> Subscription:
        connection = self._caller.connection
        return Subscription(
            topic,
            self._encoding,
            connection.send,
            self._lose,
            connection.drained,
            sender=connection.id,
        )

    def _lose(self, position: Position) -> None:
        """Who asked for a place is answered; whoever was live is to come back and ask."""
        self._has_lost = True
        if self._is_live:
            self._caller.connection.end(RESYNC)
