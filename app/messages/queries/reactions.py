"""What people think of messages."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import AnyRow
from app.messages.schemas import ReactionOut
from app.models import Reaction


async def list_reactions(
    session: AsyncSession, message_ids: Collection[int], viewer_id: int | None = None
) -> dict[int, list[AnyRow]]:
    """By message, what somebody thought first, first. Shape of a row: (.., emoji, count, mine)"""
    mine = func.coalesce(func.bool_or(Reaction.user_id == viewer_id), False)
    query = (
        select(Reaction.message_id, Reaction.emoji, func.count().label("many"), mine.label("mine"))
        .where(Reaction.message_id.in_(message_ids))
        .group_by(Reaction.message_id, Reaction.emoji)
        .order_by(func.min(Reaction.created_at), Reaction.emoji)
    )
    reactions: dict[int, list[AnyRow]] = defaultdict(list)
    for row in await session.execute(query):
        reactions[row.message_id].append(row)
    return reactions


def show_reaction(row: AnyRow) -> ReactionOut:
    return {"emoji": row.emoji, "count": row.many}
