"""A ping for every client every few seconds, which is how they know that the connection lives."""

import asyncio
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
        self._pause_seconds = every_seconds / _TURNS
        self._turns: list[set[Connection]] = [set() for _ in range(_TURNS)]

    @contextmanager
    def to(self, connection: Connection) -> Iterator[None]:
        turn = min(self._turns, key=len)
        turn.add(connection)
        try:
            yield
        finally:
            turn.discard(connection)

    async def run(self) -> None:
        """Until cancelled. A client takes the time of its last ping as the time to go on from."""
        while True:
            for turn in self._turns:
                await asyncio.sleep(self._pause_seconds)
                ping = frames.control("ping", message=int(time.time()))
                for connection in turn:
                    connection.send(ping)
