"""Questions about memberships."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.conversations.queries import MEMBER_COLUMNS, show_member
from app.conversations.schemas import MemberOut
from app.kit.keyset import Key, Page, Sorting
from app.models import Participant, Role, User

_LONGEST_FIRST = Sorting(Participant.created_at, Participant.user_id)


async def list_members(
    session: AsyncSession, conversation_id: int, key: Key | None, limit: int
) -> Page:
    """Those who joined first, first. Shape of a row: what `show_member` takes."""
    query = (
        select(*MEMBER_COLUMNS, Participant.created_at.label("sorted_by"))
        .join_from(Participant, User)
        .where(Participant.conversation_id == conversation_id)
    )
    return await _LONGEST_FIRST.page(session, query, key, limit)


async def show_members(
    session: AsyncSession, conversation_id: int, user_ids: Collection[int]
) -> list[MemberOut]:
    """Those of these people who are in the conversation, as others see them."""
    query = (
        select(*MEMBER_COLUMNS)
        .join_from(Participant, User)
        .where(Participant.conversation_id == conversation_id, User.id.in_(user_ids))
        .order_by(User.id)
    )
    return [show_member(row) for row in await session.execute(query)]


async def list_member_ids(session: AsyncSession, conversation_id: int) -> set[int]:
    query = select(Participant.user_id).where(Participant.conversation_id == conversation_id)
    return set((await session.execute(query)).scalars())


async def list_owned_ids(session: AsyncSession, user_id: int) -> Sequence[int]:
    """The groups that this person owns."""
    query = select(Participant.conversation_id).where(
        Participant.user_id == user_id, Participant.role == Role.OWNER
    )
    return (await session.execute(query.order_by(Participant.conversation_id))).scalars().all()


async def find_successor(session: AsyncSession, conversation_id: int) -> int | None:
    """Who is to own it next: an admin before others, and whoever has been there longest."""
    query = (
        select(User.id)
        .join_from(Participant, User)
        .where(Participant.conversation_id == conversation_id, User.deleted_at.is_(None))
        .order_by((Participant.role == Role.ADMIN).desc(), Participant.created_at, User.id)
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_untold_since(session: AsyncSession, user_id: int) -> datetime | None:
    query = select(User.untold_since).where(User.id == user_id)
    return (await session.execute(query)).scalar_one_or_none()


async def is_closed(session: AsyncSession, user_id: int) -> bool:
    """Is this the account of somebody who closed it?"""
    query = select(func.count()).where(User.id == user_id, User.deleted_at.is_not(None))
    return bool((await session.execute(query)).scalar_one())
