"""What was said in reply."""

from collections.abc import Sequence

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Message, MessageVersion


async def count_replies(session: AsyncSession, message_id: int) -> int:
    query = select(func.count()).where(Message.reply_to_id == message_id)
    return (await session.execute(query)).scalar_one()


async def list_quoting_seqs(session: AsyncSession, message_id: int) -> Sequence[int]:
    """The positions of all news that quote a message: its replies, and each edit of them."""
    is_reply = Message.reply_to_id == message_id
    edits = select(MessageVersion.seq).join(Message).where(is_reply)
    query = union_all(select(Message.seq).where(is_reply), edits)
    return (await session.execute(query)).scalars().all()
