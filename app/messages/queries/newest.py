"""What was said last."""

from collections.abc import Collection

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.db import AnyRow
from app.messages.schemas import QUOTE_MAX_CHARACTERS, LastMessageOut
from app.models import Conversation, Message

_COLUMNS = (
    Message.id,
    Message.seq,
    Message.created_at,
    Message.user_id,
    Message.withdrawn_at,
    func.left(Message.body, QUOTE_MAX_CHARACTERS).label("body"),
)


async def list_newest(
    session: AsyncSession, conversation_ids: Collection[int]
) -> dict[int, LastMessageOut]:
    """By conversation, in one query that reads one row of each; none of where nothing was said."""
    newest = (
        select(*_COLUMNS)
        .where(Message.conversation_id == Conversation.id)
        .order_by(Message.seq.desc())
        .limit(1)
        .lateral()
    )
    query = select(Conversation.id.label("conversation_id"), *newest.c).join(newest, true())
    rows = await session.execute(query.where(Conversation.id.in_(conversation_ids)))
    return {row.conversation_id: _show(row) for row in rows}


def _show(row: AnyRow) -> LastMessageOut:
    return {
        "id": row.id,
        "seq": row.seq,
        "created_at": iso(row.created_at),
        "user_id": row.user_id,
        "body": row.body,
        "withdrawn_at": iso(row.withdrawn_at) if row.withdrawn_at else None,
    }
