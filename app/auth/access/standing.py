"""What somebody's role lets them do in a group.

Whoever changes a group on the strength of it holds the conversation's log meanwhile: a role that
was looked up before could be another one by now.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import Conflict, Forbidden, NotFound
from app.models import Conversation, Participant, Role, User


class DirectConversation(Conflict):
    code = "direct_conversation"
    message = "A direct conversation always has the same two people, and nothing to arrange"


class AdminsOnly(Forbidden):
    code = "admins_only"
    message = "Only the owner and the admins of this group may do this"


class OwnerOnly(Forbidden):
    code = "owner_only"
    message = "Only the owner of this group may do this"


async def find_role(session: AsyncSession, conversation_id: int, user_id: int) -> Role | None:
    query = select(Participant.role).where(
        Participant.conversation_id == conversation_id, Participant.user_id == user_id
    )
    role = (await session.execute(query)).scalar_one_or_none()
    return Role(role) if role else None


async def role_in_group(
    session: AsyncSession, group: Conversation, user: User, *, at_least: Role = Role.MEMBER
) -> Role:
    """Raises: DirectConversation; NotFound for who has left meanwhile; AdminsOnly; OwnerOnly."""
    if not group.group:
        raise DirectConversation
    role = await find_role(session, group.id, user.id)
    if role is None:
        raise NotFound
    if not role.is_at_least(at_least):
        raise OwnerOnly if at_least is Role.OWNER else AdminsOnly
    return role
