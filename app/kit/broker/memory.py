"""A doorbell for one process without Redis."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from app.kit.broker.interface import Listener
from app.kit.events import Envelope


class MemoryBroker:
    """The twin of RedisBroker, down to hearing only in a later turn of the loop."""

    failures = 0

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._topics: set[str] = set()

    def attach(self, listener: Listener) -> None:
        self._listener = listener

    def loops(self) -> Sequence[Coroutine[Any, Any, None]]:
        return ()  # There is no connection to keep.

    def ring(self, envelopes: Iterable[Envelope]) -> None:
        if self._listener is None:
            return
        for envelope in envelopes:
            self._listener.rung(envelope)
            if envelope.topic in self._topics:
                asyncio.get_running_loop().call_soon(self._listener.heard, envelope)

    def subscribe(self, topic: str) -> None:
        self._topics.add(topic)
        if self._listener:
            asyncio.get_running_loop().call_soon(self._listener.subscribed, topic)

    def unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)

    async def is_ready(self) -> bool:
        return True

    async def aclose(self) -> None:
        self._topics.clear()
