"""Going: by one's own will, or removed by somebody of a higher role."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.auth.events import access_taken
from app.kit import log
from app.kit.db import announce
from app.kit.errors import Forbidden, NotFound
from app.members import queries
from app.members.actions.roles import give_role
from app.members.events import member_removed, membership_ended
from app.messages.events import topic_of
from app.models import Conversation, Participant, Role, User


class Outranked(Forbidden):
    code = "outranked"
    message = "Only somebody of a higher role may remove them"


async def remove(session: AsyncSession, group: Conversation, remover: User, user_id: int) -> None:
    """Remove somebody, or leave oneself: nobody goes on without an owner.

    Raises: NotFound for who is not in it; Outranked; as `access.role_in_group`.
    """
    await log.hold(session, topic_of(group.id))
    if user_id == remover.id:
        role = await access.role_in_group(session, group, remover)
    else:
        role = await _outranked(session, group, remover, user_id)
    await _unseat(session, group.id, user_id, remover.id)
    if role is Role.OWNER:
        await _succeed(session, group.id, remover.id)


async def _outranked(
    session: AsyncSession, group: Conversation, remover: User, user_id: int
) -> Role:
    own = await access.role_in_group(session, group, remover, at_least=Role.ADMIN)
    role = await access.find_role(session, group.id, user_id)
    if role is None:
        raise NotFound
    if not own.outranks(role):
        raise Outranked
    return role


async def _unseat(session: AsyncSession, conversation_id: int, user_id: int, by: int) -> None:
    membership = delete(Participant).where(
        Participant.conversation_id == conversation_id, Participant.user_id == user_id
    )
    await session.execute(membership)
    # First of all, so that every worker has begun to look before it tells of anything else.
    announce(session, access_taken(user_id))
    announce(session, member_removed(conversation_id, user_id, by))
    announce(session, membership_ended(conversation_id, user_id, by))


async def pass_on(session: AsyncSession, conversation_id: int, owner_id: int) -> None:
    """Of somebody who has closed their account: what they wrote stays, so they stay among those who
    wrote, but not at the head. Safe to repeat.
    """
    await log.hold(session, topic_of(conversation_id))
    if await access.find_role(session, conversation_id, owner_id) is Role.OWNER:
        await give_role(session, conversation_id, owner_id, Role.MEMBER, owner_id)
        await _succeed(session, conversation_id, owner_id)


async def _succeed(session: AsyncSession, conversation_id: int, by: int) -> None:
    successor = await queries.find_successor(session, conversation_id)
    if successor is not None:
        await give_role(session, conversation_id, successor, Role.OWNER, by)
