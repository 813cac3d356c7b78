"""Who listens to which topic in this process, and what they have yet to hear.

The doorbell brings news early; the log decides. An event is delivered when it is next in line; a
hole is filled from the log; and once a second the log is asked for what the doorbell did not bring.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from app.kit import log
from app.kit.broker import Broker
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.events import Envelope
from app.kit.log import Position
from app.realtime.channel import Channel, Subscription

CHECK_EVERY_SECONDS = 1
_READ_AT_ONCE = 500


class Hub:
    """Answers the door in this process, and tells everybody here in order, once, without holes."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker
        self._channels: dict[str, Channel] = {}
        self._controls: dict[str, Callable[[Envelope], None]] = {}
        self._suspects: set[str] = set()
        self._has_suspects = asyncio.Event()
        broker.attach(self)

    def control(self, topic: str, obey: Callable[[Envelope], None]) -> None:
        """Hand this topic to somebody in the house; no client ever hears of it."""
        self._controls[topic] = obey
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
        """Send what came after `since` from the log, then go live; from here on without it.

        The last comparison and going live happen in one turn of the loop, so nothing is between.
        What cannot be had any more, or never was, is said by `resync`.
        Raises: Unavailable when the log cannot be read.
        """
        if subscription.has_left:
            return
        channel = self._channels[subscription.topic]
        epoch = channel.position.epoch
        await self._place(subscription, channel, since)
        while subscription.seq < channel.position.seq and not subscription.has_left:
            await self._replay(subscription, channel)
        if channel.position.epoch != epoch:  # The data were replaced meanwhile.
            subscription.start_anew(channel.position)
        subscription.live = not subscription.has_left

    async def _place(
        self, subscription: Subscription, channel: Channel, since: Position | None
    ) -> None:
        if since is None:
            subscription.seq = channel.position.seq
        elif since.epoch == channel.position.epoch and await self._has_come_to(channel, since.seq):
            subscription.seq = since.seq
        else:
            subscription.start_anew(channel.position)

    async def _has_come_to(self, channel: Channel, seq: int) -> bool:
        """The log may be ahead of what was delivered here."""
        if seq <= channel.position.seq:
            return True
        async with self._database.autocommit() as session:
            return seq <= (await log.position(session, channel.topic)).seq

    async def _replay(self, subscription: Subscription, channel: Channel) -> None:
        async with self._database.autocommit() as session:
            missed = await log.since(session, channel.topic, subscription.seq, _READ_AT_ONCE)
        is_whole = bool(missed) and missed[0].seq == subscription.seq + 1
        if not is_whole and not subscription.has_left:
            subscription.start_anew(channel.position)  # It has been pruned.
            return
        for envelope in missed:
            if subscription.has_left:
                return
            subscription.seq = envelope.seq
            if (frame := subscription.encode(envelope, channel.position.epoch)) is not None:
                subscription.send(frame)
            await subscription.drained()  # A page may be more than an outbox holds.

    # Hearing.

    def heard(self, envelope: Envelope) -> None:
        """The doorbell rang."""
        if (obey := self._controls.get(envelope.topic)) is not None:
            obey(envelope)
            return
        channel = self._channels.get(envelope.topic)
        if channel is None or not channel.is_open:
            return
        if not envelope.seq:
            channel.tell(envelope)
        elif not channel.deliver(envelope) and envelope.seq > channel.position.seq:
            self._fill(channel)

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
                self._fill(channel)

    def _fill(self, channel: Channel) -> None:
        channel.is_behind = True
        if channel.filling is None:
            channel.filling = asyncio.create_task(self._read_up(channel))

    async def _read_up(self, channel: Channel) -> None:
        """Deliver from the log until nothing is known to be missing."""
        try:
            while channel.is_behind:
                channel.is_behind = False
                await self._read_on(channel)
        except Unavailable:
            pass  # The check of the next second tries again.
        finally:
            channel.filling = None

    async def _read_on(self, channel: Channel) -> None:
        async with self._database.autocommit() as session:
            # The head first: an event that is missing below it has been pruned.
            head = await log.position(session, channel.topic)
            missed = await log.since(
                session, channel.topic, channel.position.seq, limit=_READ_AT_ONCE
            )
        for envelope in missed:
            if not channel.deliver(envelope) and envelope.seq > channel.position.seq:
                channel.start_anew(Position(head.epoch, envelope.seq - 1))
                channel.deliver(envelope)
        if not missed and head.seq > channel.position.seq:
            channel.start_anew(head)
        channel.is_behind |= len(missed) == _READ_AT_ONCE


def _seen(opening: "asyncio.Task[None]") -> None:
    """Whoever waited for it may be gone, and then nobody else asks how it ended."""
    if not opening.cancelled():
        opening.exception()
