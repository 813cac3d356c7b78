"""One conversation: who speaks in it, who listens, and what was acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.system.people import Seat
from tests.system.posters import Ledger, Poster
from tests.system.subscribers import Subscriber


@dataclass
class Room:
    speaker: Seat
    listener: Seat
    posters: list[Poster]
    subscribers: Sequence[Subscriber]
    ledger: Ledger

    @classmethod
    def of(cls, seats: tuple[Seat, Seat], subscribers: Sequence[Subscriber]) -> "Room":
        ledger = Ledger()
        return cls(*seats, [Poster(seat, ledger) for seat in seats], subscribers, ledger)

    @property
    def topic(self) -> str:
        return f"conversation:{self.speaker.conversation_id}"

    def poster(self) -> Poster:
        """One more, who has not begun."""
        return Poster(self.speaker, self.ledger)

    def has_heard(self, seq: int) -> bool:
        return all(subscriber.heard >= seq for subscriber in self.subscribers)

    def seconds_to_everybody(self) -> float:
        """From an acknowledgement until the last subscriber has it: the longest of them all."""
        return max(
            (
                at - self.ledger.at.get(frame["seq"], at)
                for subscriber in self.subscribers
                for frame, at in zip(subscriber.record, subscriber.at, strict=True)
            ),
            default=0,
        )
