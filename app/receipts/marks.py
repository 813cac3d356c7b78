"""What somebody's devices say of how far they are in a conversation."""

from dataclasses import dataclass
from typing import Self

_BIGGEST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One, or several that were said one after another.

    `last_read_seq` is to be at least and at most something: reading raises it, and marking unread
    lowers it. What others are told never goes back.
    """

    at_least: int = 0
    at_most: int = _BIGGEST_SEQ
    seen: int = 0
    delivered: int = 0

    @classmethod
    def read(cls, seq: int) -> Self:
        return cls(at_least=seq, seen=seq, delivered=seq)

    @classmethod
    def unread(cls, seq: int) -> Self:
        """From this one on."""
        return cls(at_most=max(seq - 1, 0))

    @classmethod
    def received(cls, seq: int) -> Self:
        return cls(delivered=seq)

    def then(self, later: "Mark") -> "Mark":
        return Mark(
            later._between(self.at_least),
            later._between(self.at_most),
            max(self.seen, later.seen),
            max(self.delivered, later.delivered),
        )

    def _between(self, seq: int) -> int:
        return min(max(seq, self.at_least), self.at_most)

    def up_to(self, head: int) -> "Mark":
        """Nobody has read, or got, what has not happened yet."""
        return Mark(
            min(self.at_least, head), self.at_most, min(self.seen, head), min(self.delivered, head)
        )
