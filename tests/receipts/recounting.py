"""What is unread, counted from the messages themselves."""

from sqlalchemy import text

from tests.factories import House

_RECOUNT = text("""
    SELECT seat.conversation_id, seat.user_id, messages_count, messages_count - read_count,
        unread_mentions, (
            SELECT count(*) FROM messages
            WHERE conversation_id = seat.conversation_id AND withdrawn_at IS NULL
        ), unread.messages, unread.mentions
    FROM participants AS seat JOIN conversations ON conversations.id = seat.conversation_id,
    LATERAL (
        SELECT count(*) AS messages, count(*) FILTER (
            WHERE mentions_everyone OR seat.user_id = ANY(mentioned_ids)
        ) AS mentions
        FROM messages
        WHERE conversation_id = seat.conversation_id AND user_id <> seat.user_id
            AND withdrawn_at IS NULL AND seq > last_read_seq
    ) AS unread
    ORDER BY seat.conversation_id, seat.user_id
""")


async def all_is_counted(house: House) -> None:
    """Everybody's numbers are those of a recount."""
    async with house.session() as session:
        rows = (await session.execute(_RECOUNT)).all()
    assert rows
    kept = {tuple(row[:2]): tuple(row[2:5]) for row in rows}
    counted = {tuple(row[:2]): tuple(row[5:]) for row in rows}
    assert kept == counted
