"""What messages said before."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.errors import NotFound
from app.messages.schemas import VersionOut
from app.models import Message, MessageVersion


async def open_versions(
    session: AsyncSession, conversation_id: int, message_id: int
) -> list[VersionOut]:
    """The oldest first. There are `VERSIONS_MAX` at most. Raises: NotFound."""
    query = (
        select(MessageVersion.body, MessageVersion.created_at)
        .select_from(Message)
        .outerjoin(MessageVersion)
        .where(Message.id == message_id, Message.conversation_id == conversation_id)
        .order_by(MessageVersion.seq)
    )
    rows = (await session.execute(query)).all()
    if not rows:
        raise NotFound
    return [{"body": row.body, "created_at": iso(row.created_at)} for row in rows if row.created_at]


async def count_versions(session: AsyncSession, message_id: int) -> int:
    query = select(func.count()).where(MessageVersion.message_id == message_id)
    return (await session.execute(query)).scalar_one()
