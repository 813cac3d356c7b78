"""Questions about conversations: a fixed number of them, however long the lists."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT, show_user
from app.conversations.schemas import ConversationOut, MemberOut
from app.kit.clock import iso
from app.kit.db import AnyRow, AnySelect
from app.kit.errors import NotFound
from app.kit.keyset import Key, Page, Sorting
from app.models import Conversation, Epoch, Participant, Stream, User
from app.preferences.queries import PREFERENCES_COLUMNS, conditions
from app.preferences.schemas import PreferencesFilter
from app.unread.queries import UNREAD_COLUMNS

_MOST_RECENT_FIRST = Sorting(Conversation.updated_at, Conversation.id, newest_first=True)


def show_conversation(conversation: Conversation | AnyRow) -> ConversationOut:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "picture_url": conversation.picture_url,
        "group": conversation.group,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(conversation.updated_at),
    }


def show_member(row: AnyRow, *, with_email: bool = False) -> MemberOut:
    """Others hear of somebody without their e-mail."""
    return {
        **show_user(row, with_email=with_email),
        "role": row.role,
        "joined_at": iso(row.joined_at),
    }


async def list_conversations(
    session: AsyncSession,
    user_id: int,
    wanted: PreferencesFilter,
    key: Key | None,
    limit: int,
) -> Page:
    """One's conversations, the most recently active first, as `open_conversation` answers them."""
    query = _ones_own(user_id).where(*conditions(wanted))
    sortable = query.add_columns(Conversation.updated_at.label("sorted_by"))
    return await _MOST_RECENT_FIRST.page(session, sortable, key, limit)


async def open_conversation(session: AsyncSession, user_id: int, conversation_id: int) -> AnyRow:
    """As it is now, and what it is to one of its people.

    Shape: what `show_conversation`, `show_preferences` and `show_unread` take, and the position in
    its log that this is of: `seq` of `epoch`
    Raises: NotFound for who has left meanwhile.
    """
    query = _ones_own(user_id).where(Conversation.id == conversation_id)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


# As `topic_of` names it.
_TOPIC = func.concat("conversation:", cast(Conversation.id, String))


def _ones_own(user_id: int) -> AnySelect:
    columns = (
        Conversation.id,
        Conversation.title,
        Conversation.picture_url,
        Conversation.group,
        Conversation.created_at,
        Conversation.updated_at,
        *PREFERENCES_COLUMNS,
        *UNREAD_COLUMNS,
        func.coalesce(Stream.last_seq, 0).label("seq"),
        select(Epoch.name).scalar_subquery().label("epoch"),
    )
    return (
        select(*columns)
        .join_from(Conversation, Participant)
        .outerjoin(Stream, Stream.topic == _TOPIC)
        .where(Participant.user_id == user_id)
    )


# What `show_member` takes.
MEMBER_COLUMNS = (
    User.id,
    User.email,
    User.username,
    User.name,
    User.avatar_url,
    Participant.role,
    Participant.created_at.label("joined_at"),
)


async def list_people(
    session: AsyncSession, conversation_ids: Collection[int]
) -> dict[int, list[AnyRow]]:
    """Who takes part, by conversation. Shape of a row: what `show_member` takes."""
    query = (
        select(Participant.conversation_id, *MEMBER_COLUMNS)
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
