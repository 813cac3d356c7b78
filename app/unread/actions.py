"""What is unread follows what becomes of messages. All of it is for whoever holds the log.

Posting counts by itself, in its own statement.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.unread.events import unread_updated
from app.unread.mentions import NOBODY, Mentions
from app.unread.queries import show_unread


@dataclass(frozen=True)
class Changed:
    """A message that changes; `at` is the position of the news of it."""

    conversation_id: int
    seq: int
    author_id: int
    mentioned: Mentions
    at: int


_UNCOUNT = text("""
    WITH fewer AS (
        UPDATE conversations SET messages_count = messages_count - 1 WHERE id = :conversation_id
    )
    UPDATE participants SET read_count = read_count - 1
    WHERE conversation_id = :conversation_id AND (user_id = :author_id OR last_read_seq >= :seq)
""")


async def uncount(session: AsyncSession, withdrawn: Changed) -> None:
    """Everybody hears of the withdrawal; whom it mentioned, of that, too."""
    values = {
        "conversation_id": withdrawn.conversation_id,
        "author_id": withdrawn.author_id,
        "seq": withdrawn.seq,
    }
    await session.execute(_UNCOUNT, values)
    await count_mentions(session, withdrawn, NOBODY)


_COUNT_MENTIONS = text("""
    WITH changed AS (
        SELECT user_id, cast(is_now AS int) - cast(was AS int) AS more
        FROM participants, LATERAL (SELECT
            user_id = ANY(cast(:before AS bigint[])) OR :everyone_before AS was,
            user_id = ANY(cast(:after AS bigint[])) OR :everyone_after AS is_now
        ) AS mentioned
        WHERE conversation_id = :conversation_id AND user_id <> :author_id
            AND last_read_seq < :seq AND was <> is_now
    )
    UPDATE participants SET unread_mentions = unread_mentions + changed.more
    FROM changed, conversations
    WHERE conversation_id = :conversation_id AND conversations.id = conversation_id
        AND participants.user_id = changed.user_id
    RETURNING participants.user_id, last_read_seq, unread_mentions,
        messages_count - read_count AS unread_count
""")


async def count_mentions(session: AsyncSession, edited: Changed, now: Mentions) -> None:
    """Tell those to whom it is unread, and mentions them now, or no longer."""
    before = edited.mentioned
    if before == now:
        return
    values = {
        "conversation_id": edited.conversation_id,
        "author_id": edited.author_id,
        "seq": edited.seq,
        "before": before.user_ids,
        "everyone_before": before.everyone,
        "after": now.user_ids,
        "everyone_after": now.everyone,
    }
    for row in await session.execute(_COUNT_MENTIONS, values):
        unread = show_unread(row)
        announce(session, unread_updated(row.user_id, edited.conversation_id, edited.at, unread))
