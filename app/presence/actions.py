"""Showing that one types, and when one was here."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.kit.limits import Limit, Limits
from app.models import Conversation, User
from app.presence.events import typing

# In order, so that nobody waits for somebody who waits for them. Nothing comes back of whoever has
# closed their account.
_MARK_SEEN = text("""
    WITH gone AS (
        SELECT users.id, to_timestamp(left_at) AS at
        FROM users JOIN unnest(cast(:ids AS bigint[]), cast(:ats AS float8[]))
            AS given(id, left_at) ON given.id = users.id
        WHERE deleted_at IS NULL ORDER BY users.id FOR NO KEY UPDATE OF users
    )
    UPDATE users SET last_seen_at = greatest(last_seen_at, gone.at) FROM gone
    WHERE users.id = gone.id
""")


async def type_away(
    session: AsyncSession,
    limits: Limits,
    rate: str,
    conversation: Conversation,
    user: User,
    connection: str | None = None,
) -> None:
    """Said no oftener than the rate, however fast somebody types."""
    if await limits.allows(Limit("typing", rate, f"{conversation.id} {user.id}")):
        announce(session, typing(conversation.id, user.id, connection))


async def mark_seen(session: AsyncSession, gone: Mapping[int, float]) -> None:
    """Once for each time that somebody goes. Units: UNIX seconds."""
    values = {"ids": list(gone.keys()), "ats": list(gone.values())}
    await session.execute(_MARK_SEEN, values)
