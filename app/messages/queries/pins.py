"""What is pinned in a conversation."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.messages.queries.showing import select_messages, show_messages
from app.messages.schemas import PinOut
from app.models import Message


async def list_pins(session: AsyncSession, conversation_id: int, viewer_id: int) -> list[PinOut]:
    """The newest first."""
    query = (
        select_messages()
        .add_columns(Message.pinned_by_id)
        .where(_is_pinned(conversation_id))
        .order_by(Message.pinned_at.desc(), Message.id.desc())
    )
    rows = (await session.execute(query)).all()
    messages = await show_messages(session, rows, viewer_id)
    return [
        {"message": message, "pinned_by": row.pinned_by_id, "pinned_at": iso(row.pinned_at)}
        for row, message in zip(rows, messages, strict=True)
    ]


async def count_pins(session: AsyncSession, conversation_id: int) -> int:
    query = select(func.count()).where(_is_pinned(conversation_id))
    return (await session.execute(query)).scalar_one()


def _is_pinned(conversation_id: int) -> ColumnElement[bool]:
    return and_(Message.conversation_id == conversation_id, Message.pinned_at.is_not(None))
