"""What was made ready for sending, kept for as long as the log stands where it stood.

What is shown of a topic is a function of its position in the log: whoever asks again at the same
position gets the same bytes, and Postgres is asked for the position only.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

from app.kit.log import Position

Shown = TypeVar("Shown")


class Rendered(Generic[Shown]):
    """Read the position first, and then what is kept by it: so it is never older than it says.

    Units: `bytes_max` of all that is kept together, by the sizes that are told.
    """

    def __init__(self, bytes_max: int) -> None:
        self._kept: LRUCache[Hashable, tuple[Position, Shown, int]] = LRUCache(
            bytes_max, getsizeof=lambda kept: kept[2]
        )

    def find(self, key: Hashable, position: Position) -> Shown | None:
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] == position else None

    def keep(self, key: Hashable, position: Position, shown: Shown, size: int) -> None:
        if size <= self._kept.maxsize:
            self._kept[key] = (position, shown, size)
