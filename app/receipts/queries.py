"""Questions about who has read how far."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.db import AnyRow
from app.models import Participant, User
from app.receipts.schemas import ReceiptOut


def show_receipt(row: AnyRow) -> ReceiptOut:
    return {
        "user_id": row.user_id,
        "read_seq": row.seen_seq,
        "read_at": iso(row.seen_at) if row.seen_at else None,
        "delivered_seq": row.delivered_seq,
        "delivered_at": iso(row.delivered_at),
    }


async def list_receipts(session: AsyncSession, conversation_id: int) -> list[ReceiptOut]:
    """Of whom something has reached, and who lets others know."""
    query = (
        select(
            Participant.user_id,
            Participant.seen_seq,
            Participant.seen_at,
            Participant.delivered_seq,
            Participant.delivered_at,
        )
        .join(User)
        .where(Participant.conversation_id == conversation_id, Participant.delivered_seq > 0)
        .where(User.read_receipts)
        .order_by(Participant.user_id)
    )
    return [show_receipt(row) for row in await session.execute(query)]


async def list_conversation_ids(session: AsyncSession, user_id: int) -> Sequence[int]:
    query = select(Participant.conversation_id).where(Participant.user_id == user_id)
    return (await session.execute(query.order_by(Participant.conversation_id))).scalars().all()
