"""The two sides of a feed: what is followed, and who reads it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol

from app.kit.events import Envelope
from app.realtime.closing import Farewell
from app.realtime.feed.page import Page
from app.realtime.frames import Frame

# Takes a place among the connections, and gives it back. Shape: how it is to be ended -> the place.
# Raises: TooManyConnections
Hold = Callable[[Callable[[Farewell], None]], AbstractContextManager[None]]


class Reader(Protocol):
    """A stream, or an answer that waits. Nothing here waits but `drained`."""

    def encode(self, envelope: Envelope, epoch: str, /) -> Frame:
        """One function for all readers of a kind, so that it is called once."""

    def welcome(self, news: Mapping[str, Any], at: str | None) -> None:
        """Comes first. `at` is the cursor from which it goes on, if there is one."""

    def hear(self, frame: Frame) -> None:
        """Something happened."""

    def begin_anew(self, news: Mapping[str, Any]) -> None:
        """Nothing of what was before can be had: it goes on from the present."""

    def lose(self, news: Mapping[str, Any]) -> None:
        """What was before cannot be had of one conversation among others."""

    def end(self, farewell: Farewell) -> None: ...

    async def drained(self) -> None:
        """Until little is waiting for the client."""


class Feed(Protocol):
    """One conversation, or everything that concerns a person, from a client's cursor on."""

    async def read(self, page: Page) -> None:
        """What the log has now, without following anything. Raises: Unavailable"""

    def following(self, reader: Reader) -> AbstractAsyncContextManager[None]:
        """From here on nothing can be missed. Raises: Unavailable"""

    async def resume(self, reader: Reader) -> None:
        """Tell what was missed, and then what happens. Raises: Unavailable"""

    @property
    def cursor(self) -> str:
        """The place up to which everything was told."""

    @property
    def places(self) -> dict[str, Any]:
        """The same, in the fields of an answer."""
