"""Coming into a group: added by somebody, or by one's own hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.conversations import actions as conversations
from app.conversations.queries import list_unknown_ids, show_conversation
from app.conversations.schemas import PARTICIPANTS_MAX, ConversationDraft, MemberOut
from app.kit import log
from app.kit.db import announce
from app.kit.errors import Conflict, Invalid
from app.members import queries
from app.members.events import member_added, membership_began
from app.members.schemas import ADDED_AT_ONCE_MAX, MembersDraft
from app.messages.events import topic_of
from app.models import Conversation, Participant, Role, User


class GroupFull(Conflict):
    code = "group_full"
    message = f"This group has {PARTICIPANTS_MAX:,} members, and no room for more"


@dataclass(frozen=True)
class Added:
    """Where they are now, and those who were named."""

    conversation: Conversation
    members: list[MemberOut]


async def add(
    session: AsyncSession, conversation: Conversation, adder: User, draft: MembersDraft
) -> Added:
    """Who is in already stays as they are, so that it may be asked for again.

    Raises: Invalid, GroupFull; of a group as `access.role_in_group`.
    """
    user_ids = set(draft.user_ids)
    if not user_ids:
        raise Invalid.field("user_ids", "blank", "must name somebody")
    if len(user_ids) > ADDED_AT_ONCE_MAX:
        sentence = f"are too many (maximum is {ADDED_AT_ONCE_MAX} at once)"
        raise Invalid.field("user_ids", "too_many", sentence)
    if not conversation.group:
        return await _begin_group(session, conversation, adder, user_ids)
    joined_seq = await log.hold(session, topic_of(conversation.id))
    await access.role_in_group(session, conversation, adder, at_least=Role.ADMIN)
    await session.refresh(conversation)
    newcomers = user_ids - await queries.list_member_ids(session, conversation.id)
    await _must_be_known(session, newcomers)
    await _seat(session, conversation, newcomers, joined_seq, adder.id)
    return Added(conversation, await queries.show_members(session, conversation.id, user_ids))


async def join(session: AsyncSession, group: Conversation, user: User, joined_seq: int) -> None:
    """For whoever may, and holds the log: `joined_seq` is how far it has come.

    Raises: GroupFull
    """
    await _seat(session, group, {user.id}, joined_seq, user.id)


async def _begin_group(
    session: AsyncSession, direct: Conversation, adder: User, user_ids: set[int]
) -> Added:
    """A direct conversation never gains a third person: its old words stay between the two."""
    pair = await queries.list_member_ids(session, direct.id)
    if user_ids <= pair:
        raise Invalid.field("user_ids", "blank", "must name somebody else")
    await _must_be_known(session, user_ids)
    draft = ConversationDraft(participant_ids=sorted(pair | user_ids))
    group = await conversations.start(session, adder, draft)
    return Added(group, await queries.show_members(session, group.id, pair | user_ids))


async def _must_be_known(session: AsyncSession, user_ids: set[int]) -> None:
    if await list_unknown_ids(session, user_ids):
        raise Invalid.field("user_ids", "unknown", "name somebody who does not exist")


async def _seat(
    session: AsyncSession, group: Conversation, user_ids: Iterable[int], joined_seq: int, by: int
) -> None:
    """They have read what was said before they came, as far as counting goes.

    The group is as it was loaded while its log was held.
    """
    seats = [
        {
            "conversation_id": group.id,
            "user_id": id,
            "joined_seq": joined_seq,
            "last_read_seq": joined_seq,
            "read_count": group.messages_count,
        }
        for id in sorted(user_ids)
    ]
    if not seats:
        return
    await session.execute(insert(Participant), seats)
    if len(await queries.list_member_ids(session, group.id)) > PARTICIPANTS_MAX:
        raise GroupFull
    for member in await queries.show_members(session, group.id, [s["user_id"] for s in seats]):
        announce(session, member_added(group.id, member, by))
        announce(session, membership_began(show_conversation(group), member, by))
