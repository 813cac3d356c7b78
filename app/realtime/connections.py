"""Everybody who is connected to this process, by whatever transport, and how they leave it."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from app.kit.errors import TooMany
from app.kit.settings import Settings
from app.realtime import closing
from app.realtime.closing import Farewell

# Often enough that a few leave one after another, seldom enough that thousands cost no timer each.
_APART_SECONDS = 0.01
_RETRY_AFTER_SECONDS = 10


class TooManyConnections(TooMany):
    code = "too_many_connections"
    message = "There are too many connections open already"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": str(_RETRY_AFTER_SECONDS)})


class Connections:
    """Counts for itself: with several workers somebody may have as many on each of them."""

    def __init__(self, settings: Settings) -> None:
        self._users = _Places(settings.connections_per_user_max)
        self._addresses = _Places(settings.connections_per_address_max)
        self._drain_seconds = settings.drain_seconds
        self._ends: set[Callable[[Farewell], None]] = set()
        self._is_draining = False

    @contextmanager
    def holding(
        self, user_id: int, address: str, end: Callable[[Farewell], None]
    ) -> Iterator[None]:
        """One connection, for as long as it lasts. Who comes while we leave is told so at once.

        Raises: TooManyConnections
        """
        self._users.check(user_id)
        self._addresses.check(address)
        self._users.take(user_id)
        self._addresses.take(address)
        if self._is_draining:
            end(closing.restart(self._drain_seconds))
        else:
            self._ends.add(end)
        try:
            yield
        finally:
            self._ends.discard(end)
            self._users.give_back(user_id)
            self._addresses.give_back(address)

    async def drain(self, seconds: float) -> None:
        """Send everybody away, spread over the time, so that they do not all come back at once.

        Who are few leave sooner, one after another.
        """
        self._is_draining = True
        now = asyncio.get_running_loop().time
        at_once = math.ceil(len(self._ends) * _APART_SECONDS / max(seconds, _APART_SECONDS))
        next_at = now()
        while self._ends:
            for _ in range(min(at_once, len(self._ends))):
                self._ends.pop()(closing.restart(self._drain_seconds))
            next_at += _APART_SECONDS
            await asyncio.sleep(next_at - now())


class _Places:
    """So many for each, and no more."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._taken: Counter[Hashable] = Counter()

    def check(self, whose: Hashable) -> None:
        if self._taken[whose] >= self._maximum:
            raise TooManyConnections

    def take(self, whose: Hashable) -> None:
        self._taken[whose] += 1

    def give_back(self, whose: Hashable) -> None:
        self._taken[whose] -= 1
        if not self._taken[whose]:
            del self._taken[whose]
