"""What a connection listens to, by the identifiers that its client made up."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from app.kit.errors import NotFound
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.channels import Channel, open_channel
from app.realtime.action_cable.connection import RESYNC
from app.realtime.action_cable.history import History, Places, find_places, go_on
from app.realtime.action_cable.restored import Restored
from app.realtime.action_cable.sessions import Session

# Identifiers for the same thing: each is one more frame, and encoding, of everything in it.
_NAMES_MAX = 10


class Subscriptions:
    """Each is held until its replay is out: a live frame before it would hide what was missed."""

    def __init__(self, caller: Caller, session: Session | None) -> None:
        self._caller = caller
        self._session = session
        self._max = caller.house.settings.cable_subscriptions_max
        self._channels: dict[str, Channel] = {}
        self._restored = Restored()

    def find(self, identifier: str) -> Channel | None:
        return self._channels.get(identifier)

    # Coming.

    async def subscribe(self, identifier: str, history: History | None) -> bool:
        """Answers whether it is new, and not refused.

        A second confirmation would make the client of AnyCable unsubscribe, and a subscription
        that is never answered makes the client of Rails ask again every half second.
        """
        if identifier in self._restored.unconfirmed:
            await self._confirm_restored(identifier, history)
            return True
        if identifier in self._channels:
            return False
        channel = await self._open(identifier)
        if channel is None:
            self._say("reject_subscription", identifier)
            return False
        places = await self._begin(identifier, channel, history)
        channel.greet()
        self._say("confirm_subscription", identifier)
        is_served = await channel.resume(places)
        if history is not None:
            self._say_history(identifier, is_served)
        return True

    async def _open(self, identifier: str) -> Channel | None:
        if len(self._channels) >= self._max:
            return None
        try:
            channel = open_channel(self._caller, identifier)
            if self._count_names(channel) >= _NAMES_MAX:
                return None
            async with AsyncExitStack() as unless_followed:
                unless_followed.push_async_callback(channel.close)
                await channel.follow()
                unless_followed.pop_all()
        except NotFound:
            return None
        self._channels[identifier] = channel
        return channel

    def _count_names(self, channel: Channel) -> int:
        return sum(other.topic == channel.topic for other in self._channels.values())

    async def _begin(self, identifier: str, channel: Channel, history: History | None) -> Places:
        """Whoever is cut off before a replay has arrived is restored to where it began."""
        places: Places = {}
        if history is not None:
            places = await find_places(self._caller.house.database, channel.heads, history)
        if self._session is not None:
            await self._session.remember({identifier: {**channel.heads, **places}})
        return places

    # Coming back.

    async def restore(self, began: Mapping[str, Places]) -> list[str]:
        """Held until asked for. Answers those that are still theirs to open."""
        theirs = {id: places for id, places in began.items() if await self._open(id) is not None}
        if self._session is not None and theirs:
            await self._session.remember(theirs)
        self._restored.take_over(theirs)
        return list(theirs)

    async def _confirm_restored(self, identifier: str, history: History | None) -> None:
        """What was asked for already has been sent."""
        self._restored.unconfirmed.discard(identifier)
        self._say("confirm_subscription", identifier)
        wanted = history if self.is_held(identifier) else None
        is_served = await self._resume(identifier, self._channels[identifier], wanted)
        if history is not None:
            self._say_history(identifier, is_served)

    async def replay(self, identifier: str, history: History | None) -> None:
        """Everything asked for, then one answer, then what happens from now on."""
        if (channel := self._channels.get(identifier)) is not None:
            self._say_history(identifier, await self._resume(identifier, channel, history))

    async def _resume(self, identifier: str, channel: Channel, history: History | None) -> bool:
        places: Places = {}
        if (began := self._restored.began.get(identifier)) is None:
            places = await self._begin(identifier, channel, history) if history else {}
        elif history is not None:
            places = go_on(channel.beginnings, began, history)
        is_served = await channel.resume(places)
        self._restored.was_asked_for(identifier)
        return is_served

    def is_held(self, identifier: str) -> bool:
        return identifier in self._restored.held

    @property
    def are_held(self) -> bool:
        return bool(self._restored.held)

    async def release_unless_asked(self) -> None:
        """Go on where nobody asks for what was missed, from where it was restored."""
        held = () if self._restored.was_asked_lately() else tuple(self._restored.held)
        for identifier in held:
            if not await self._resume(identifier, self._channels[identifier], None):
                self._caller.connection.end(RESYNC)

    # Going.

    async def unsubscribe(self, identifier: str) -> None:
        channel = self._channels.pop(identifier, None)
        if channel is not None:
            await channel.close()
            self._restored.drop(identifier)
            await self.forget(identifier)

    async def forget(self, identifier: str) -> None:
        """It is not restored any more."""
        if self._session is not None:
            await self._session.forget(identifier)

    async def close(self) -> None:
        while self._channels:
            _, channel = self._channels.popitem()
            await channel.close()

    def _say_history(self, identifier: str, is_served: bool) -> None:
        self._say("confirm_history" if is_served else "reject_history", identifier)

    def _say(self, type: str, identifier: str) -> None:
        self._caller.connection.send(frames.control(type, identifier=identifier))
