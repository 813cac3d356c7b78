"""Marking what has been read."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.messages.events import topic_of
from app.models import Conversation, User
from app.receipts.schemas import ReadMark, ReadOut

# Nobody has read what has not happened yet, so the mark stops at the head of the log.
_MARK = text("""
    UPDATE participants SET last_read_seq = greatest(last_read_seq, least(:seq, (
        SELECT coalesce(max(last_seq), 0) FROM streams WHERE topic = :topic
    )))
    WHERE conversation_id = :conversation_id AND user_id = :user_id
    RETURNING last_read_seq
""")


async def mark_read(
    session: AsyncSession, conversation: Conversation, reader: User, mark: ReadMark
) -> ReadOut:
    """Raises: NotFound for who has left meanwhile."""
    values = {
        "seq": mark.seq,
        "topic": topic_of(conversation.id),
        "conversation_id": conversation.id,
        "user_id": reader.id,
    }
    last_read_seq = (await session.execute(_MARK, values)).scalar_one_or_none()
    if last_read_seq is None:
        raise NotFound
    return {"conversation_id": conversation.id, "last_read_seq": last_read_seq}
