"""Messages that were found by something else than their place in the history."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.messages.queries.showing import read_message, shown_to
from app.messages.schemas import MessageOut

_BY_ID = text(f"""
    SELECT id, {shown_to(":viewer_id")} AS shown FROM messages AS message
    WHERE id = ANY(:ids) AND EXISTS (
        SELECT FROM participants
        WHERE conversation_id = message.conversation_id AND user_id = :viewer_id
    )
""")


async def list_by_id(
    session: AsyncSession, reader_id: int, ids: Collection[int]
) -> dict[int, MessageOut]:
    """Of these, what somebody may read now."""
    rows = await session.execute(_BY_ID, {"ids": list(ids), "viewer_id": reader_id})
    return {row.id: read_message(row.shown) for row in rows}
