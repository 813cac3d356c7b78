"""A ping for every client every few seconds, which is how they know that the connection lives."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.realtime.action_cable import frames
from app.realtime.connection import Connection

# Turns in each interval: ten thousand pings at once would hold up everything else.
_TURNS = 20


class Pings:
    """One timer for the whole process, and one frame for everybody whose turn it is."""

    def __init__(self, every_seconds: float) -> None:
        self.pause_seconds = every_seconds / _TURNS
        self._turns: list[set[Connection]] = [set() for _ in range(_TURNS)]
        self._next = 0

    @contextmanager
    def to(self, connection: Connection) -> Iterator[None]:
        turn = min(self._turns, key=len)
        turn.add(connection)
        try:
            yield
        finally:
            turn.discard(connection)

    async def send(self) -> None:
        """A client takes the time of its last ping as the time to go on from."""
        ping = frames.control("ping", message=int(time.time()))
        for connection in self._turns[self._next]:
            connection.send(ping)
        self._next = (self._next + 1) % _TURNS
