"""Those who listen: after every break they come back with their cursor, by whatever transport."""

import asyncio
import time
from contextlib import aclosing, suppress
from itertools import cycle

from tests.system.people import Seat
from tests.system.transports import BREAKS, Frame, Goodbye, Transport, native

# The server restarts, or something that it leans on is away: each in the words of its transport.
PROPER_GOODBYES = {1012, 4503, 503, "restart", "unavailable", "server_restart"}
_AGAIN_SECONDS = 0.05


class Subscriber:
    """Each time that it comes back it takes the next of its transports.

    `record` is all that it heard with a position, `at` when, `began_at` the position before the
    first. A `restless` one leaves by itself, and comes back, after every so many events.
    """

    def __init__(self, seat: Seat, *transports: Transport, restless: int | None = None) -> None:
        self._seat, self._transports, self._restless = seat, transports, restless
        self._cursor = ""
        self.began_at: int | None = None
        self.record: list[Frame] = []
        self.at: list[float] = []
        self.typing = 0
        self.improper: list[str] = []

    @property
    def name(self) -> str:
        return ", ".join(transport.__name__ for transport in self._transports)

    @property
    def hears_typing(self) -> bool:
        """Always by the same socket, so that it need not miss any."""
        return self._transports == (native,) and not self._restless

    @property
    def heard(self) -> int:
        """How far it has come."""
        return self.record[-1]["seq"] if self.record else self.began_at or 0

    async def listen(self) -> None:
        for transport in cycle(self._transports):
            with suppress(*BREAKS):
                try:
                    await self._listen_by(transport)
                except Goodbye as goodbye:
                    if goodbye.word not in PROPER_GOODBYES:
                        self.improper.append(f"{transport.__name__}: goodbye {goodbye.word}")
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen_by(self, transport: Transport) -> None:
        before = len(self.record)
        async with aclosing(transport(self._seat, self._cursor)) as frames:
            async for frame in frames:
                self._take(frame)
                if len(self.record) - before == self._restless:
                    return

    def _take(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                if self.began_at is None:
                    self.began_at, self._cursor = frame["seq"], frame["cursor"]
            case "typing":
                self.typing += 1
            case "heartbeat" | "presence.changed":
                pass
            case "resync_required":
                self.improper.append(f"{self.name}: told to start anew")
            case _:
                self.record.append(frame)
                self.at.append(time.monotonic())
                self._cursor = f"{self._cursor.partition('.')[0]}.{frame['seq']}"
