"""Taking the next places of topics, and writing there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.events import Envelope, Event

_ONE_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """The next free position of a topic. It is held by the transaction that took it."""

    topic: str
    seq: int
    at: datetime


# Locks the topic until the commit. For statements that write something at its next place.
NEXT_PLACE = """
    SELECT last_seq + 1 AS seq,
        greatest(clock_timestamp(), last_at + interval '1 microsecond') AS at
    FROM streams WHERE topic = :topic FOR UPDATE
"""


def next_places(topics: str) -> str:
    """As `NEXT_PLACE`, of several. `topics` is the parameter that names them.

    In order of name, so that two transactions with the same topics wait for each other and never
    deadlock.
    """
    return f"""
        SELECT topic, last_seq + 1 AS seq,
            greatest(clock_timestamp(), last_at + interval '1 microsecond') AS at
        FROM streams WHERE topic = ANY({topics}) ORDER BY topic FOR UPDATE
    """


_HOLD = text("SELECT last_seq FROM streams WHERE topic = :topic FOR UPDATE")
_HOLD_ALL = text(
    "SELECT topic, last_seq FROM streams WHERE topic = ANY(:topics) ORDER BY topic FOR UPDATE"
)
_OPEN = text(
    "INSERT INTO streams (topic) SELECT unnest(cast(:topics AS text[])) ON CONFLICT DO NOTHING"
)
_TAKE = text(next_places(":topics"))
_APPEND = text("""
    WITH added AS (
        INSERT INTO events (topic, seq, at, name, data)
        SELECT * FROM unnest(cast(:topics AS text[]), cast(:seqs AS bigint[]),
            cast(:ats AS timestamptz[]), cast(:names AS text[]), cast(:datas AS text[]))
        RETURNING topic, seq, at
    )
    UPDATE streams SET last_seq = head.seq, last_at = head.at
    FROM (SELECT topic, max(seq) AS seq, max(at) AS at FROM added GROUP BY topic) AS head
    WHERE streams.topic = head.topic
""")


async def open_topic(session: AsyncSession, topic: str) -> None:
    """Let a topic begin, at position 0."""
    await session.execute(_OPEN, {"topics": [topic]})


async def hold(session: AsyncSession, topic: str) -> int:
    """Lock a topic until the commit, and answer how far it has come.

    What is looked up from here on stays so: whoever else decides by it, or appends, waits.
    """
    return int((await session.execute(_HOLD, {"topic": topic})).scalar_one())


async def hold_all(session: AsyncSession, topics: Collection[str]) -> dict[str, int]:
    """As `hold`, in order of name. A topic that has not begun is left out."""
    rows = await session.execute(_HOLD_ALL, {"topics": sorted(topics)})
    return {row.topic: row.last_seq for row in rows}


async def append(session: AsyncSession, news: Sequence[Event]) -> list[Envelope]:
    """Write the news of a transaction, just before its commit, and address it.

    However many they are, it takes two statements, and one more for topics that are new.
    """
    lasting = [event for event in news if not event.ephemeral]
    places = await _take_places(session, lasting) if lasting else []
    if lasting:
        await session.execute(_APPEND, _columns(lasting, places))
    taken = iter(places)
    return [_address(event, None if event.ephemeral else next(taken)) for event in news]


async def _take_places(session: AsyncSession, news: Sequence[Event]) -> list[Place]:
    """Lock the topics until the commit, and take a position and time for each event.

    Units: a time is later than every earlier one of its topic, by a microsecond at least.
    """
    topics = sorted({event.topic for event in news})
    rows = (await session.execute(_TAKE, {"topics": topics})).all()
    if len(rows) < len(topics):
        await session.execute(_OPEN, {"topics": topics})
        rows = (await session.execute(_TAKE, {"topics": topics})).all()
    free = {row.topic: Place(*row) for row in rows}
    places = []
    for event in news:
        place = free[event.topic]
        places.append(place)
        free[event.topic] = Place(place.topic, place.seq + 1, place.at + _ONE_TICK)
    return places


def _columns(news: Sequence[Event], places: Sequence[Place]) -> dict[str, object]:
    return {
        "topics": [place.topic for place in places],
        "seqs": [place.seq for place in places],
        "ats": [place.at for place in places],
        "names": [event.name for event in news],
        "datas": [event.data for event in news],
    }


def _address(event: Event, place: Place | None) -> Envelope:
    seq, at = (place.seq, iso(place.at)) if place else (0, "")
    return Envelope(event.topic, event.name, event.data, seq, at, event.sender)
