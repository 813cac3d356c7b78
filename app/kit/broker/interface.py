"""What every doorbell can do, and who answers the door."""

from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Protocol

from app.kit.events import Envelope


class Listener(Protocol):
    """Who answers the door in this process."""

    def rung(self, envelope: Envelope) -> None:
        """This process itself has rung, and knows it before anybody hears."""

    def heard(self, envelope: Envelope) -> None: ...

    def subscribed(self, topic: str) -> None:
        """From here on the bell rings for this topic. What came before may have been missed."""


class Broker(Protocol):
    """Rings for topics, and listens to those that somebody here wants. One for each process."""

    @property
    def failures(self) -> int:
        """How many bells could not be rung since the start."""

    def attach(self, listener: Listener) -> None: ...

    def loops(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What keeps ringing and listening, through every outage: to be run until cancelled."""

    def ring(self, envelopes: Iterable[Envelope]) -> None:
        """Never raises and never waits: the caller has an answer to give."""

    def subscribe(self, topic: str) -> None: ...

    def unsubscribe(self, topic: str) -> None: ...

    async def is_ready(self) -> bool: ...

    async def aclose(self) -> None: ...
