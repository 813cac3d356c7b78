"""Giving somebody another role."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.conversations.schemas import MemberOut
from app.kit import log
from app.kit.db import announce
from app.kit.errors import Conflict, NotFound
from app.members import queries
from app.members.events import member_role_changed
from app.messages.events import topic_of
from app.models import Conversation, Participant, Role, User


class HandOverFirst(Conflict):
    code = "hand_over_first"
    message = "A group has one owner: make somebody else the owner"


class AccountClosed(Conflict):
    code = "account_closed"
    message = "This person's account is closed"


async def change_role(
    session: AsyncSession, group: Conversation, owner: User, user_id: int, role: Role
) -> MemberOut:
    """Nobody is told of what stays as it is. A new owner makes the former one an admin.

    Raises: NotFound for who is not in it; HandOverFirst; AccountClosed; as `access.role_in_group`.
    """
    await log.hold(session, topic_of(group.id))
    await access.role_in_group(session, group, owner, at_least=Role.OWNER)
    current = await access.find_role(session, group.id, user_id)
    if current is None:
        raise NotFound
    if current is role:
        (member,) = await queries.show_members(session, group.id, [user_id])
        return member
    if current is Role.OWNER:
        raise HandOverFirst
    if await queries.is_closed(session, user_id):
        raise AccountClosed
    if role is Role.OWNER:  # First the former one: there is never a second.
        await give_role(session, group.id, owner.id, Role.ADMIN, owner.id)
    return await give_role(session, group.id, user_id, role, owner.id)


async def give_role(
    session: AsyncSession, conversation_id: int, user_id: int, role: Role, by: int
) -> MemberOut:
    """For whoever may, and holds the log."""
    membership = update(Participant).where(
        Participant.conversation_id == conversation_id, Participant.user_id == user_id
    )
    await session.execute(membership.values(role=role))
    (member,) = await queries.show_members(session, conversation_id, [user_id])
    announce(session, member_role_changed(conversation_id, member, by))
    return member
