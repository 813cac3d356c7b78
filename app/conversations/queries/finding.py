"""What is asked before a conversation is started."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT
from app.models import Conversation, User


async def find_direct(session: AsyncSession, pair: list[int]) -> Conversation | None:
    query = select(Conversation).where(Conversation.direct_pair == pair)
    return (await session.execute(query)).scalar_one_or_none()


async def list_unknown_ids(session: AsyncSession, user_ids: Collection[int]) -> set[int]:
    """Which of these are nobody's, or not any more?"""
    known = await session.execute(select(User.id).where(HAS_ACCOUNT, User.id.in_(user_ids)))
    return set(user_ids) - set(known.scalars())
