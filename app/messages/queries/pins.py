"""What is pinned in a conversation."""

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.messages.queries.showing import read_message, shown_to
from app.messages.schemas import PinOut
from app.models import Message

_PINS = text(f"""
    SELECT {shown_to(":viewer_id")} AS shown, pinned_by_id, pinned_at
    FROM messages AS message
    WHERE conversation_id = :conversation_id AND pinned_at IS NOT NULL
    ORDER BY pinned_at DESC, id DESC
""")


async def list_pins(session: AsyncSession, conversation_id: int, viewer_id: int) -> list[PinOut]:
    """The newest first."""
    values = {"conversation_id": conversation_id, "viewer_id": viewer_id}
    return [
        {
            "message": read_message(row.shown),
            "pinned_by": row.pinned_by_id,
            "pinned_at": iso(row.pinned_at),
        }
        for row in await session.execute(_PINS, values)
    ]


async def count_pins(session: AsyncSession, conversation_id: int) -> int:
    query = select(func.count()).where(
        Message.conversation_id == conversation_id, Message.pinned_at.is_not(None)
    )
    return (await session.execute(query)).scalar_one()
