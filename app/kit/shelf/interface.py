"""What every shelf can do."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """A name in the list of a room, and the ticket by which it came in: one may hold several."""

    room: str
    name: str
    ticket: str


class Gone(NamedTuple):
    """A name that was struck out, and when its last ticket ran out. Units: UNIX seconds."""

    room: str
    name: str
    at: float


class Shelf(Protocol):
    """Drawers of texts, and rooms with a list of who is in them. Everything raises: Unavailable.

    A name is in a room while it holds a ticket that has not run out. It is then still listed until
    it is swept out, so that it is known to have gone by exactly one of all who sweep.
    """

    async def put(self, drawer: str, texts: Mapping[str, str], seconds: float) -> None:
        """Add to a drawer, or replace; the whole drawer lasts so long from now on."""

    async def look(self, drawer: str) -> Mapping[str, str]:
        """Empty when nothing is there, or not any more."""

    async def take(self, drawer: str, name: str) -> None:
        """Remove one text."""

    async def prolong(self, drawers: Collection[str], seconds: float) -> None:
        """Those that are still there."""

    async def enter(self, entries: Sequence[Entry], seconds: float) -> Sequence[bool]:
        """Come in, or stay. Answers for each whether its name was not listed before."""

    async def leave(self, entry: Entry) -> bool:
        """Give the ticket back. Answers whether it was the last one of its name."""

    async def names(self, room: str) -> Sequence[str]:
        """Who is listed, in order."""

    async def listed(self, rooms: Sequence[str], names: Sequence[str]) -> Sequence[Collection[str]]:
        """Which of these names are listed in each of the rooms: one question, however many."""

    async def sweep(self) -> Sequence[Gone]:
        """Strike out those without a ticket; each is told to one caller."""

    async def aclose(self) -> None: ...
