"""Somebody who has no business in the conversation."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle

from tests.system.people import Seat
from tests.system.transports import BREAKS, TRANSPORTS, Frame, Goodbye

# Not found: on the native socket, and everywhere else.
REFUSALS = {4404, 404}
_FROM_THE_BEGINNING = "0.0"
_AGAIN_SECONDS = 0.2


@dataclass
class Intruder:
    """A stranger who knocks at every door, again and again, and should hear one thing."""

    seat: Seat
    heard: list[Frame] = field(default_factory=list)
    goodbyes: set[int | str] = field(default_factory=set)

    @property
    def was_refused(self) -> bool:
        return self.goodbyes >= REFUSALS

    async def knock(self) -> None:
        for transport in cycle(TRANSPORTS):
            with suppress(*BREAKS):
                try:
                    async for frame in transport(self.seat, _FROM_THE_BEGINNING):
                        self.heard.append(frame)
                except Goodbye as goodbye:
                    self.goodbyes.add(goodbye.word)
            await asyncio.sleep(_AGAIN_SECONDS)
