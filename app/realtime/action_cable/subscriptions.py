"""What a connection listens to, by the identifiers that its client made up."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from app.kit.errors import NotFound
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.channels import Channel, open_channel
from app.realtime.action_cable.connection import RESYNC
from app.realtime.action_cable.history import History, Places, find_places, go_on
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
        # Of those restored: where their streams began when the client subscribed to them.
        self._kept: dict[str, Places] = {}
        self._held: set[str] = set()
        self._has_asked = False

    def find(self, identifier: str) -> Channel | None:
        return self._channels.get(identifier)

    # Coming.

    async def subscribe(self, identifier: str, history: History | None) -> bool:
        """Answers whether it is new, and not refused.

        A second confirmation would make the client of AnyCable unsubscribe, and a subscription
        that is never answered makes the client of Rails ask again every half second.
        """
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

    async def _begin(self, identifier: str, channel: Channel, history: History | None) -> Places:
        """Whoever is cut off before a replay has arrived is restored to where it began."""
        places: Places = {}
        if history is not None:
            places = await find_places(self._caller.house.database, channel.heads, history)
        if self._session is not None:
            await self._session.remember({identifier: {**channel.heads, **places}})
        return places

    async def restore(self, kept: Mapping[str, Places]) -> list[str]:
        """Held until asked for. Answers those that are still theirs to open."""
        for identifier, places in kept.items():
            if await self._open(identifier) is not None:
                self._kept[identifier] = places
        if self._session is not None and self._kept:
            await self._session.remember(self._kept)
        self._held = set(self._kept)
        return list(self._kept)

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

    # Hearing again.

    async def replay(self, identifier: str, history: History | None) -> None:
        """Everything asked for, then one answer, then what happens from now on."""
        if (channel := self._channels.get(identifier)) is None:
            return
        self._has_asked = True
        places: Places = {}
        if identifier in self._kept and history is not None:
            places = go_on(channel.heads, self._kept[identifier], history)
        elif history is not None:
            places = await self._begin(identifier, channel, history)
        is_served = await channel.resume(places)
        self._held.discard(identifier)
        self._say_history(identifier, is_served)

    def is_held(self, identifier: str) -> bool:
        return identifier in self._held

    @property
    def are_held(self) -> bool:
        return bool(self._held)

    async def release_unless_asked(self) -> None:
        """Go on where nobody asks for what was missed, from where it was restored.

        Not when something was asked for lately: the rest may wait behind a long replay.
        """
        has_asked, self._has_asked = self._has_asked, False
        while self._held and not has_asked:
            channel = self._channels[self._held.pop()]
            if not await channel.resume({}):
                self._caller.connection.end(RESYNC)

    # Going.

    async def unsubscribe(self, identifier: str) -> None:
        channel = self._channels.pop(identifier, None)
        if channel is None:
            return
        await channel.close()
        self._held.discard(identifier)
        self._kept.pop(identifier, None)
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
