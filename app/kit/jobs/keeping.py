"""How long the queue remembers."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_PRUNED_AT_ONCE = 5_000  # Rows, so that the transaction is short.

_PRUNE_FAILED = text("""
    DELETE FROM pgqueuer
    WHERE status = 'failed' AND updated <= now() - make_interval(days => :days)
""")
# What was queued, begun and ended when. It holds no payloads.
_PRUNE_RECORD = text("""
    DELETE FROM pgqueuer_log WHERE ctid IN (
        SELECT ctid FROM pgqueuer_log
        WHERE created <= now() - make_interval(days => :days) LIMIT :limit
    )
""")


async def prune(session: AsyncSession, older_than_days: int) -> None:
    """Forget what failed for good, with its payload, and a portion of the record."""
    await session.execute(_PRUNE_FAILED, {"days": older_than_days})
    await session.execute(_PRUNE_RECORD, {"days": older_than_days, "limit": _PRUNED_AT_ONCE})
