"""Everything that concerns one person: their own topic, and those of all their conversations."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

from app.auth import queries
from app.auth.events import topic_of_user
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.log import Position
from app.messages.events import topic_of
from app.realtime import closing
from app.realtime.channel import Subscription
from app.realtime.closing import Farewell
from app.realtime.cursor import show_user_cursor
from app.realtime.frames import Frame
from app.realtime.guard import Guard, Listener
from app.realtime.hub import Hub

_LOOK_AGAIN_SECONDS = 1


class UserFeed:
    """Follows a person's conversations as they come and go; each topic keeps its own order.

    A conversation that one has just come into is followed from that event on.
    """

    def __init__(
        self,
        hub: Hub,
        guard: Guard,
        database: Database,
        listener: Listener,
        subscribe: Callable[[str], Subscription],
    ) -> None:
        """`listener` is of no conversation; `subscribe` says how the client is told of a topic."""
        self._hub, self._guard, self._database = hub, guard, database
        self._listener = listener
        self._subscribe = subscribe
        own = subscribe(topic_of_user(listener.user_id))
        self._own = replace(own, send=partial(self._send_own, own.send))
        self._conversations: dict[int, Subscription] = {}
        self._joined: dict[str, int] = {}
        self._watching: dict[int, ExitStack] = {}
        self._newcomers: deque[Subscription] = deque()
        self._looking: asyncio.Task[None] | None = None
        self._may_have_changed = False

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """From here on nothing can be missed; what is sent begins with `resume`.

        Raises: Unavailable when the log cannot be read.
        """
        try:
            with self._guard.watching(self._listener):
                # One's own topic first: whatever is joined from now on is heard of there.
                await self._hub.follow(self._own)
                # Until `resume`, this is where the conversations were listed.
                self._own.seq = self._hub.position(self._own.topic).seq
                await self._follow(await self._list_memberships())
                yield
        finally:
            self._stop()

    @property
    def topics(self) -> list[str]:
        return [one.topic for one in self._subscriptions]

    def beginning(self, topic: str) -> Position:
        """For a cursor that does not name the topic: from where on it is news to the person."""
        return Position(self.epoch, self._joined.get(topic, 0))

    @property
    def epoch(self) -> str:
        return self._hub.position(self._own.topic).epoch

    @property
    def cursor(self) -> str:
        """After `resume` began: the place up to which everything was sent."""
        places = {id: one.seq for id, one in self._conversations.items()}
        return show_user_cursor(self.epoch, self._listener.user_id, self._own.seq, places)

    @property
    def head(self) -> str:
        """The cursor of the present."""
        own, position = self._own.topic, self._hub.position
        places = {id: position(one.topic).seq for id, one in self._conversations.items()}
        return show_user_cursor(self.epoch, self._listener.user_id, position(own).seq, places)

    async def resume(self, place_of: Callable[[str], Position | None]) -> None:
        """Go on in each topic from its place, or from the present. Raises: as `Hub.resume`."""
        listed_at, subscriptions = self._own.seq, self._subscriptions
        for subscription in subscriptions:  # All of them, before the first event has a cursor.
            place, head = place_of(subscription.topic), self._hub.position(subscription.topic)
            subscription.seq = place.seq if place and place.epoch == head.epoch else head.seq
        if self._own.seq > listed_at:  # A conversation may have begun before the present did.
            self._notice()
        for subscription in subscriptions:
            await self._hub.resume(subscription, place_of(subscription.topic))

    @property
    def _subscriptions(self) -> list[Subscription]:
        return [self._own, *self._conversations.values()]

    # Conversations come and go.

    def _send_own(self, send: Callable[[Frame], None], frame: Frame) -> None:
        send(frame)
        self._notice()

    def _notice(self) -> None:
        """Whatever happens to a person may have changed which conversations they are in."""
        self._may_have_changed = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again())

    async def _look_again(self) -> None:
        while self._may_have_changed:
            self._may_have_changed = False
            try:
                await self._follow_new()
            except Unavailable:
                self._may_have_changed = True
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _follow_new(self) -> None:
        memberships = await self._list_memberships()
        new = {id: seq for id, seq in memberships.items() if id not in self._conversations}
        self._newcomers.extend(await self._follow(new))
        epoch = self._hub.position(self._own.topic).epoch
        while self._newcomers:  # Interrupted, it goes on from what was sent.
            newcomer = self._newcomers[0]
            await self._hub.resume(newcomer, Position(epoch, newcomer.seq))
            self._newcomers.popleft()

    async def _follow(self, memberships: Mapping[int, int]) -> Collection[Subscription]:
        subscriptions = {id: self._subscribe(topic_of(id)) for id in memberships}
        for id, joined_seq in memberships.items():
            self._joined[topic_of(id)] = subscriptions[id].seq = joined_seq
        await self._hub.follow(*subscriptions.values())
        self._conversations |= subscriptions
        for id in subscriptions:
            self._watching[id] = ExitStack()
            listener = replace(self._listener, conversation_id=id, end=partial(self._end_for, id))
            self._watching[id].enter_context(self._guard.watching(listener))
        return subscriptions.values()

    def _end_for(self, conversation_id: int, farewell: Farewell) -> None:
        """Who is no longer in one conversation goes on to hear the others."""
        if farewell is closing.ACCESS_TAKEN:
            self._drop(conversation_id)
            if self._own.live:  # Otherwise what is sent has not begun, and `resume` will look.
                self._notice()  # They may be in it again by now.
        else:
            self._listener.end(farewell)

    def _drop(self, conversation_id: int) -> None:
        if conversation_id in self._conversations:
            self._hub.leave(self._conversations.pop(conversation_id))
            self._watching.pop(conversation_id).close()

    def _stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        for conversation_id in list(self._conversations):
            self._drop(conversation_id)
        self._hub.leave(self._own)

    async def _list_memberships(self) -> dict[int, int]:
        async with self._database.autocommit() as session:
            return await queries.list_memberships(session, self._listener.user_id)
