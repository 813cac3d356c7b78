"""An answer of the long-poll: what happened, and from where to go on."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.log import Position
from app.realtime.shapes import show_event

EVENTS_MAX = 500


@dataclass
class Page:
    """`events` are JSON texts, verbatim; `places` are the fields that say where the page ends.

    Units: it is full with 500 events, or with those that reach `max_bytes`.
    """

    max_bytes: int
    events: list[str] = field(default_factory=list)
    places: dict[str, Any] = field(default_factory=dict)
    begins_anew: bool = False
    _bytes: int = 0

    @property
    def room(self) -> int:
        """For how many more events."""
        return 0 if self._bytes >= self.max_bytes else EVENTS_MAX - len(self.events)

    @property
    def says_something(self) -> bool:
        return bool(self.events) or self.begins_anew

    def add(self, event: str) -> None:
        self.events.append(event)
        self._bytes += len(event)

    async def read_on(
        self, session: AsyncSession, topic: str, place: Position, head: Position
    ) -> Position | None:
        """Add what came after `place`, while there is room, and say where that ends.

        None if it cannot be had: it has been pruned, or never was.
        """
        if place.epoch != head.epoch or place.seq > head.seq:
            return None
        if place.seq == head.seq or not self.room:
            return place
        missed = await log.since(session, topic, place.seq, self.room)
        if not missed or missed[0].seq != place.seq + 1:
            return None
        for envelope in missed:
            if not self.room:
                break
            self.add(show_event(envelope))
            place = Position(head.epoch, envelope.seq)
        return place

    def to_bytes(self) -> bytes:
        """Shape: {"events": [...], ...places}, with "resync_required": true if it begins anew."""
        rest = self.places | ({"resync_required": True} if self.begins_anew else {})
        more = orjson.dumps(rest).decode().removeprefix("{")
        return f'{{"events":[{",".join(self.events)}],{more}'.encode()
