"""Questions about conversations: a fixed number of them, however long the lists."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT
from app.conversations.schemas import ConversationOut
from app.kit.clock import iso
from app.kit.db import AnyRow
from app.kit.keyset import Key, Page, Sorting
from app.models import Conversation, Participant, User

_MOST_RECENT_FIRST = Sorting(Conversation.updated_at, Conversation.id, newest_first=True)


def show_conversation(conversation: Conversation | AnyRow) -> ConversationOut:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "group": conversation.group,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(conversation.updated_at),
    }


async def list_conversations(
    session: AsyncSession, user_id: int, key: Key | None, limit: int
) -> Page:
    """One's conversations, the most recently active first."""
    query = (
        select(
            Conversation.id,
            Conversation.title,
            Conversation.group,
            Conversation.created_at,
            Conversation.updated_at,
            Conversation.updated_at.label("sorted_by"),
        )
        .join(Participant)
        .where(Participant.user_id == user_id)
    )
    return await _MOST_RECENT_FIRST.page(session, query, key, limit)


async def list_people(
    session: AsyncSession, conversation_ids: Collection[int]
) -> dict[int, list[AnyRow]]:
    """Who takes part, by conversation. Shape of a row: the public columns of a user."""
    query = (
        select(
            Participant.conversation_id,
            User.id,
            User.email,
            User.username,
            User.name,
            User.avatar_url,
        )
        .join(User)
        .where(Participant.conversation_id.in_(conversation_ids))
        .order_by(Participant.conversation_id, User.id)
    )
    people: dict[int, list[AnyRow]] = defaultdict(list)
    for row in await session.execute(query):
        people[row.conversation_id].append(row)
    return people


async def find_direct(session: AsyncSession, pair: list[int]) -> Conversation | None:
    query = select(Conversation).where(Conversation.direct_pair == pair)
    return (await session.execute(query)).scalar_one_or_none()


async def list_unknown_ids(session: AsyncSession, user_ids: Collection[int]) -> set[int]:
    """Which of these are nobody's, or not any more?"""
    known = await session.execute(select(User.id).where(HAS_ACCOUNT, User.id.in_(user_ids)))
    return set(user_ids) - set(known.scalars())
