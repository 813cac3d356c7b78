"""What a connection listens to, by the identifiers that its client made up."""

from contextlib import AsyncExitStack

from app.kit.errors import NotFound
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.channels import Channel, open_channel
from app.realtime.action_cable.history import History, Places, find_places


class Subscriptions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._channels: dict[str, Channel] = {}
        self._max = caller.house.settings.cable_subscriptions_max

    def find(self, identifier: str) -> Channel | None:
        return self._channels.get(identifier)

    async def subscribe(self, identifier: str) -> Channel | None:
        """Held until it is resumed. None for one that is there already, or was refused.

        A second confirmation would make the client of AnyCable unsubscribe, and a subscription
        that is never answered makes the client of Rails ask again every half second.
        """
        if identifier in self._channels:
            return None
        try:
            channel = await self._open(identifier)
        except NotFound:
            self._say("reject_subscription", identifier)
            return None
        self._channels[identifier] = channel
        channel.greet()
        self._say("confirm_subscription", identifier)
        return channel

    async def _open(self, identifier: str) -> Channel:
        if len(self._channels) >= self._max:
            raise NotFound
        channel = open_channel(self._caller, identifier)
        async with AsyncExitStack() as unless_followed:
            unless_followed.push_async_callback(channel.close)
            await channel.follow()
            unless_followed.pop_all()
        return channel

    async def unsubscribe(self, identifier: str) -> None:
        if (channel := self._channels.pop(identifier, None)) is not None:
            await channel.close()

    async def replay(
        self, identifier: str, history: History | None, kept: Places | None = None
    ) -> None:
        """Everything asked for, then one answer, then what happens from now on."""
        if (channel := self._channels.get(identifier)) is None:
            return
        places: Places = {}
        if history is not None:
            database = self._caller.house.database
            places = await find_places(database, channel.heads, kept, history)
        is_served = await channel.resume(places)
        self._say("confirm_history" if is_served else "reject_history", identifier)

    async def close(self) -> None:
        while self._channels:
            _, channel = self._channels.popitem()
            await channel.close()

    def _say(self, type: str, identifier: str) -> None:
        self._caller.connection.send(frames.control(type, identifier=identifier))
