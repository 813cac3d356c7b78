"""How long the log is kept, and that its data were replaced."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.events import to_json

_PRUNED_AT_ONCE = 5_000  # Rows: short transactions, so that nobody waits for a vacuum or a lock.

_PRUNE = text("""
    DELETE FROM events WHERE ctid IN (
        SELECT ctid FROM events WHERE at < now() - make_interval(days => :days) LIMIT :limit
    )
""")


async def prune(session: AsyncSession, older_than_days: int) -> bool:
    """Forget a portion of what is past retention. Answers whether there may be more."""
    values = {"days": older_than_days, "limit": _PRUNED_AT_ONCE}
    result = await session.execute(_PRUNE, values)
    return bool(result.rowcount == _PRUNED_AT_ONCE)  # type: ignore[attr-defined]


_FORGET = text("DELETE FROM events WHERE topic = :topic")


async def forget(session: AsyncSession, topic: str) -> None:
    """All that a topic has heard so far. Its positions go on from where they were."""
    await session.execute(_FORGET, {"topic": topic})


_AMEND = text("""
    WITH amended AS (
        SELECT seq, data::jsonb AS data, place.path, data::jsonb #> place.path AS found
        FROM events, (SELECT cast(:path AS text[]) AS path) AS place
        WHERE topic = :topic AND seq = ANY(:seqs)
    )
    UPDATE events
    SET data = jsonb_set(amended.data, path, found || cast(:changes AS jsonb))::text
    FROM amended
    WHERE topic = :topic AND events.seq = amended.seq AND jsonb_typeof(found) = 'object'
""")


async def amend(
    session: AsyncSession,
    topic: str,
    seqs: Sequence[int],
    path: Sequence[str],
    changes: Mapping[str, object],
) -> None:
    """Change what was told, as far as it is kept: for words that nobody is to hear any more.

    For whoever holds the topic. It does not tell those who have heard already.
    Shape: `path` leads to the object in the data that takes the changes.
    """
    values = {"topic": topic, "seqs": seqs, "path": path, "changes": to_json(changes)}
    await session.execute(_AMEND, values)


_RENEW_EPOCH = text("UPDATE epoch SET name = substr(md5(gen_random_uuid()::text), 1, 12)")


async def renew_epoch(session: AsyncSession) -> None:
    """Declare the data replaced, after a backup was restored: every old cursor must start anew."""
    await session.execute(_RENEW_EPOCH)
