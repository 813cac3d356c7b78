"""A topic that somebody here listens to, and what each of them has yet to hear."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from app.kit.events import Envelope
from app.kit.log import Position
from app.realtime.frames import Frame

logger = structlog.get_logger()

# Shape: (what happened, the epoch of its position) -> what a client reads of it.
Encode = Callable[[Envelope, str], Frame]

_UNKNOWN = Position("", -1)


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's place in a topic: what follows `seq` is still to be sent.

    Until it is `live` it reads from the log. `encode` is one function, or an equal one, for all
    who listen by the same protocol, so that it is called once; `sender` is not told its own
    ephemeral words. `notice` hears of each event too, for who must act on it.
    """

    topic: str
    encode: Encode
    send: Callable[[Frame], None]
    resync: Callable[[Position], None]
    drained: Callable[[], Awaitable[None]]
    sender: str | None = None
    notice: Callable[[Envelope], None] | None = None
    seq: int = 0
    live: bool = False
    has_left: bool = False

    def start_anew(self, position: Position) -> None:
        """What was before cannot be had: the client is to fetch what it shows."""
        self.seq = position.seq
        self.resync(position)

    def takes(self, envelope: Envelope) -> bool:
        """Is this still to be sent here? Then it counts as sent."""
        if not self.live:
            return False
        if not envelope.seq:
            return envelope.sender is None or envelope.sender != self.sender
        if envelope.seq <= self.seq:
            return False
        self.seq = envelope.seq
        return True

    def give(self, envelope: Envelope, frame: Frame) -> None:
        """Send it, and say so to who must act on it."""
        self.send(frame)
        if self.notice is not None:
            self.notice(envelope)


@dataclass(eq=False)
class Channel:
    """`position` is that of the last event delivered. Who listens stands by their encoding."""

    topic: str
    position: Position = _UNKNOWN
    opening: "asyncio.Task[None] | None" = None
    filling: "asyncio.Task[None] | None" = None
    is_behind: bool = False
    subscriptions: dict[Encode, set[Subscription]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Do we know yet where the topic is?"""
        return self.position is not _UNKNOWN

    def add(self, subscription: Subscription) -> None:
        self.subscriptions.setdefault(subscription.encode, set()).add(subscription)

    def discard(self, subscription: Subscription) -> None:
        listeners = self.subscriptions.get(subscription.encode, set())
        listeners.discard(subscription)
        if not listeners:
            self.subscriptions.pop(subscription.encode, None)

    def deliver(self, envelope: Envelope) -> bool:
        """Answers whether it was next in line."""
        if envelope.seq != self.position.seq + 1:
            return False
        self.position = Position(self.position.epoch, envelope.seq)
        self.tell(envelope)
        return True

    def tell(self, envelope: Envelope) -> None:
        """Encode once for each protocol in use, and hand the same frame to every listener."""
        for encode, listeners in self.subscriptions.items():
            frame: Frame | None = None
            for subscription in listeners:
                if subscription.takes(envelope):
                    if frame is None:
                        frame = encode(envelope, self.position.epoch)
                    subscription.give(envelope, frame)

    def start_anew(self, position: Position) -> None:
        """What was between cannot be had any more, for nobody."""
        logger.warning("channel.resync", topic=self.topic, seq=position.seq)
        self.position = position
        for listeners in self.subscriptions.values():
            for subscription in listeners:
                if subscription.live:
                    subscription.start_anew(position)

    def close(self) -> None:
        if self.filling is not None:
            self.filling.cancel()
