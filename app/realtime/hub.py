"""Who listens to which topic in this process, and what they have yet to hear.

The doorbell brings news early; the log decides. An event is delivered when it is next in line; a
hole is filled from the log; and once a second the log is asked for what the doorbell did not bring.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from app.kit import log
from app.kit.broker import Broker
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.events import Envelope
from app.kit.log import Position
from app.realtime import replay
from app.realtime.channel import Channel, Subscription
from app.realtime.gaps import Gaps

CHECK_EVERY_SECONDS = 1


class Hub:
    """Answers the door in this process, and tells everybody here in order, once, without holes."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker
        self._gaps = Gaps(database)
        self._channels: dict[str, Channel] = {}
        self._controls: dict[str, Sequence[Callable[[Envelope], None]]] = {}
        self._suspects: set[str] = set()
        self._has_suspects = asyncio.Event()
        broker.attach(self)

    def control(self, topic: str, *obeying: Callable[[Envelope], None]) -> None:
        """Hand this topic to some in the house; no client ever hears of it.

        What this process itself says there they obey at once, and again when they hear it.
        """
        self._controls[topic] = obeying
        self._broker.subscribe(topic)

    # Listening.

    @asynccontextmanager
    async def listening(self, subscription: Subscription) -> AsyncIterator[Position]:
        """Follow one topic, and yield where it is now. Raises: as `follow`."""
        await self.follow(subscription)
        try:
            yield self.position(subscription.topic)
        finally:
            self.leave(subscription)

    async def follow(self, *subscriptions: Subscription) -> None:
        """From here on nothing can be missed; what is sent begins with `resume`.

        Raises: Unavailable when the log cannot be read; then nothing is followed.
        """
        try:
            self._open([one.topic for one in subscriptions if one.topic not in self._channels])
            for subscription in subscriptions:
                self._channels[subscription.topic].add(subscription)
            for subscription in subscriptions:
                opening = self._channels[subscription.topic].opening
                if opening is not None:
                    await asyncio.shield(opening)
        except BaseException:
            self.leave(*subscriptions)
            raise

    def position(self, topic: str) -> Position:
        """Where a topic that is followed is now."""
        return self._channels[topic].position

    def leave(self, *subscriptions: Subscription) -> None:
        """Not another event, also from a replay that is under way."""
        for subscription in subscriptions:
            subscription.live, subscription.has_left = False, True
            channel = self._channels.get(subscription.topic)
            if channel is not None:
                channel.discard(subscription)
                if not channel.subscriptions:
                    self._close(channel)

    def _open(self, topics: Collection[str]) -> None:
        """However many they are, the log is asked for their positions once."""
        if not topics:
            return
        channels = [Channel(topic) for topic in set(topics)]
        opening = asyncio.create_task(self._locate(channels))
        opening.add_done_callback(_seen)
        for channel in channels:
            channel.opening = opening
            self._channels[channel.topic] = channel
            self._broker.subscribe(channel.topic)

    async def _locate(self, channels: Collection[Channel]) -> None:
        async with self._database.autocommit() as session:
            positions = await log.positions(session, [channel.topic for channel in channels])
        for channel in channels:
            channel.position = positions[channel.topic]

    def _close(self, channel: Channel) -> None:
        del self._channels[channel.topic]
        self._broker.unsubscribe(channel.topic)
        channel.close()

    async def resume(self, subscription: Subscription, since: Position | None) -> None:
        """Send what came after `since`, or nothing of before, and go live. Raises: Unavailable."""
        if not subscription.has_left:
            channel = self._channels[subscription.topic]
            await replay.resume(self._database, channel, subscription, since)

    # Hearing.

    def rung(self, envelope: Envelope) -> None:
        for obey in self._controls.get(envelope.topic, ()):
            obey(envelope)

    def heard(self, envelope: Envelope) -> None:
        """The doorbell rang."""
        if envelope.topic in self._controls:
            self.rung(envelope)
            return
        channel = self._channels.get(envelope.topic)
        if channel is None or not channel.is_open:
            return
        if not envelope.seq:
            channel.tell(envelope)
        elif not channel.deliver(envelope) and envelope.seq > channel.position.seq:
            self._gaps.fill(channel)

    def subscribed(self, topic: str) -> None:
        """The doorbell is connected, perhaps again: it may have rung before we could hear it."""
        self._suspects.add(topic)
        self._has_suspects.set()

    # Asking the log.

    async def run(self) -> None:
        """Look at once after what the doorbell may have missed, until cancelled."""
        while True:
            await self._has_suspects.wait()
            self._has_suspects.clear()
            suspects, self._suspects = self._suspects, set()
            try:
                await self._compare(suspects)
            except Unavailable:
                continue  # The check of the next second looks at everything.

    async def check(self) -> None:
        """Once a second: what did the doorbell not bring?"""
        await self._compare(self._channels)

    async def _compare(self, topics: Collection[str]) -> None:
        if not (topics := [topic for topic in topics if topic in self._channels]):
            return
        async with self._database.autocommit() as session:
            positions = await log.positions(session, topics)
        for topic, head in positions.items():
            channel = self._channels.get(topic)
            if channel is None or not channel.is_open:
                continue
            if head.epoch != channel.position.epoch:
                channel.start_anew(head)
            elif head.seq > channel.position.seq:
                self._gaps.fill(channel)


def _seen(opening: "asyncio.Task[None]") -> None:
    """Whoever waited for it may be gone, and then nobody else asks how it ended."""
    if not opening.cancelled():
        opening.exception()
