"""`ConversationsChannel`: one conversation, as it happens, and what its people say there."""

from contextlib import ExitStack
from typing import Any

from app.auth import access
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime import closing
from app.realtime.action_cable import actions, whispers
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.connection import RESYNC
from app.realtime.action_cable.encoding import ConversationEncoding
from app.realtime.action_cable.history import Places
from app.realtime.channel import Subscription
from app.realtime.closing import Farewell


class ConversationsChannel:
    def __init__(self, caller: Caller, identifier: str, conversation_id: int) -> None:
        self.heads: Places = {}
        self.beginnings: Places = {}
        self.topic: str | None = topic_of(conversation_id)
        self._caller = caller
        self._identifier = identifier
        self._conversation_id = conversation_id
        self._guarding = ExitStack()
        self._has_lost = False
        self._subscription = Subscription(
            self.topic,
            ConversationEncoding(identifier, caller.is_extended),
            caller.connection.send,
            self._lose,
            caller.connection.drained,
            sender=caller.connection.id,
        )

    async def follow(self) -> None:
        house, caller = self._caller.house, self._caller
        async with house.database.autocommit() as session:
            await access.open_conversation(session, caller.user_id, self._conversation_id)
        listener = caller.member(self._conversation_id, self._end)
        self._guarding.enter_context(house.guard.watching(listener))
        await house.hub.follow(self._subscription)
        topic = self._subscription.topic
        self.heads = self.beginnings = {topic: house.hub.position(topic)}

    def greet(self) -> None:
        """There is nothing to say."""

    async def resume(self, places: Places) -> bool:
        subscription = self._subscription
        place = places.get(subscription.topic)
        if place is None:
            if subscription.live:
                return True
            place = self.heads[subscription.topic]
        self._has_lost = subscription.live = False
        await self._caller.house.hub.resume(subscription, place)
        return not self._has_lost

    async def perform(self, data: dict[str, Any]) -> None:
        await actions.perform(self._caller, self._identifier, self._conversation_id, data)

    async def whisper(self, data: Any) -> None:
        await whispers.whisper(self._caller, self._identifier, self._conversation_id, data)

    async def close(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self._caller.house.hub.leave(self._subscription)
        self._guarding.close()

    def _end(self, farewell: Farewell) -> None:
        """Not another word of this conversation, however long the goodbye takes."""
        if farewell is closing.ACCESS_TAKEN:
            self._stop()
        self._caller.connection.end(farewell)

    def _lose(self, position: Position) -> None:
        """Who asked for a place is answered; whoever was live is to come back and ask."""
        self.heads = {self._subscription.topic: position}
        if self._subscription.live:
            self._caller.connection.end(RESYNC)
        self._has_lost = True
