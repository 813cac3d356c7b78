"""How far topics have come, and what came after a position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.events import Envelope


@dataclass(frozen=True, slots=True)
class Position:
    """How far a topic has come. The epoch is new only when the data were replaced."""

    epoch: str
    seq: int


_SINCE = text("""
    SELECT topic, name, data, seq, at FROM events
    WHERE topic = :topic AND seq > :seq ORDER BY seq LIMIT :limit
""")


async def since(session: AsyncSession, topic: str, seq: int, limit: int) -> list[Envelope]:
    """What came after a position, oldest first."""
    rows = await session.execute(_SINCE, {"topic": topic, "seq": seq, "limit": limit})
    return [Envelope(r.topic, r.name, r.data, r.seq, iso(r.at)) for r in rows]


_POSITIONS = text("""
    SELECT epoch.name, wanted.topic, coalesce(streams.last_seq, 0)
    FROM unnest(cast(:topics AS text[])) AS wanted(topic)
    CROSS JOIN epoch LEFT JOIN streams USING (topic)
""")


async def positions(session: AsyncSession, topics: Iterable[str]) -> dict[str, Position]:
    """How far each topic has come, in one query. A topic without events is at 0."""
    rows = await session.execute(_POSITIONS, {"topics": list(topics)})
    return {topic: Position(epoch, seq) for epoch, topic, seq in rows}


async def position(session: AsyncSession, topic: str) -> Position:
    return (await positions(session, [topic]))[topic]


_POSITIONS_BEFORE = text("""
    SELECT epoch.name, wanted.topic, coalesce(
        (SELECT seq FROM events WHERE events.topic = wanted.topic AND at < :at
            ORDER BY seq DESC LIMIT 1),
        (SELECT seq - 1 FROM events WHERE events.topic = wanted.topic ORDER BY seq LIMIT 1),
        streams.last_seq, 0)
    FROM unnest(cast(:topics AS text[])) AS wanted(topic)
    CROSS JOIN epoch LEFT JOIN streams USING (topic)
""")


async def positions_before(
    session: AsyncSession, topics: Iterable[str], at: datetime
) -> dict[str, Position]:
    """How far each topic had come at a time, as far as the log is kept.

    Read from the end: it takes as long as there is to send.
    """
    rows = await session.execute(_POSITIONS_BEFORE, {"topics": list(topics), "at": at})
    return {topic: Position(epoch, seq) for epoch, topic, seq in rows}


_CAN_GO_ON = text("""
    SELECT bool_and(epoch.name = wanted.epoch AND (
        wanted.seq = coalesce(streams.last_seq, 0) OR EXISTS (
            SELECT FROM events WHERE events.topic = wanted.topic AND events.seq = wanted.seq + 1
        )
    ))
    FROM unnest(
        cast(:topics AS text[]), cast(:epochs AS text[]), cast(:seqs AS bigint[])
    ) AS wanted(topic, epoch, seq)
    CROSS JOIN epoch LEFT JOIN streams USING (topic)
""")


async def can_go_on(session: AsyncSession, places: Mapping[str, Position]) -> bool:
    """Is everything kept that came after these positions, each of its topic?"""
    values = {
        "topics": list(places),
        "epochs": [place.epoch for place in places.values()],
        "seqs": [place.seq for place in places.values()],
    }
    return bool((await session.execute(_CAN_GO_ON, values)).scalar_one())
