"""A topic that somebody here listens to, and what each of them has yet to hear."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import structlog

from app.kit.events import Envelope
from app.kit.log import Position
from app.realtime.frames import Frame

logger = structlog.get_logger()

# Shape: (what happened, the epoch of its position) -> what a client reads of it, if it does.
Encode = Callable[[Envelope, str], Frame | None]

_UNKNOWN = Position("", -1)


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's place in a topic: what follows `seq` is still to be sent.

    Until it is `live` it reads from the log. `encode` is one function, or an equal one, for all
    who listen by the same protocol, so that it is called once; `sender` is not told its own
    ephemeral words.
    """

    topic: str
    encode: Encode
    send: Callable[[Frame], None]
    resync: Callable[[Position], None]
    drained: Callable[[], Awaitable[None]]
    sender: str | None = None
    seq: int = 0
    live: bool = False
    has_left: bool = False

    def start_anew(self, position: Position) -> None:
        """What was before cannot be had: the client is to fetch what it shows."""
        self.seq = position.seq
        self.resync(position)


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
        """Answers whether it was next in line. This loop is what a thousand listeners cost."""
        seq = envelope.seq
        if seq != self.position.seq + 1:
            return False
        self.position = Position(self.position.epoch, seq)
        for frame, listeners in self._encoded(envelope):
            for subscription in listeners:
                if subscription.live and subscription.seq < seq:
                    subscription.seq = seq
                    subscription.send(frame)
        return True

    def tell(self, envelope: Envelope) -> None:
        """What is ephemeral has no place in line."""
        for frame, listeners in self._encoded(envelope):
            for subscription in listeners:
                is_own = envelope.sender is not None and envelope.sender == subscription.sender
                if subscription.live and not is_own:
                    subscription.send(frame)

    def _encoded(self, envelope: Envelope) -> Iterator[tuple[Frame, set[Subscription]]]:
        """Once for each protocol in use: the same frame goes to every listener."""
        for encode, listeners in self.subscriptions.items():
            if (frame := encode(envelope, self.position.epoch)) is not None:
                yield frame, listeners

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
