"""Making invites, taking them back, and joining by them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, not_
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.invites import queries
from app.invites.schemas import InviteDraft
from app.kit import log
from app.kit.errors import Conflict, NotFound
from app.members import actions as members
from app.messages.events import topic_of
from app.models import Conversation, Invite, Role, User

# More than a group needs; without a bound a script that makes one each hour fills the table.
INVITES_MAX = 50


class TooManyInvites(Conflict):
    code = "too_many_invites"
    message = f"This group has {INVITES_MAX} invites already: revoke one"


@dataclass(frozen=True)
class Joined:
    """`is_new`: they were not in it before."""

    group: Conversation
    is_new: bool


async def create(
    session: AsyncSession, group: Conversation, maker: User, draft: InviteDraft
) -> tuple[Invite, str]:
    """Shape: the invite, and its token. Raises: TooManyInvites; as `access.role_in_group`."""
    await _open_desk(session, group, maker)
    spent = delete(Invite).where(Invite.conversation_id == group.id, not_(queries.IS_FRESH))
    await session.execute(spent)
    if len(await queries.list_invites(session, group.id)) >= INVITES_MAX:
        raise TooManyInvites
    token = secrets.token_urlsafe(32)
    invite = Invite(
        conversation_id=group.id,
        user_id=maker.id,
        digest=access.digest(token),
        uses_left=draft.uses,
        expires_at=func.now() + timedelta(hours=draft.expires_in_hours),
    )
    session.add(invite)
    await session.flush()
    await session.refresh(invite)
    return invite, token


async def list_good(session: AsyncSession, group: Conversation, asker: User) -> Sequence[Invite]:
    """Raises: as `access.role_in_group`."""
    await access.role_in_group(session, group, asker, at_least=Role.ADMIN)
    return await queries.list_invites(session, group.id)


async def revoke(session: AsyncSession, group: Conversation, revoker: User, invite_id: int) -> None:
    """Raises: NotFound; as `access.role_in_group`."""
    await _open_desk(session, group, revoker)
    invite = delete(Invite).where(Invite.conversation_id == group.id, Invite.id == invite_id)
    if (await session.execute(invite.returning(Invite.id))).scalar_one_or_none() is None:
        raise NotFound


async def accept(session: AsyncSession, user: User, token: str) -> Joined:
    """Again, it changes nothing and uses nothing up.

    Raises: NotFound for a token that is unknown, expired, used up or revoked; GroupFull.
    """
    digest = access.digest(token)
    group = await queries.find_group(session, digest)
    if group is None:
        raise NotFound
    joined_seq = await log.hold(session, topic_of(group.id))
    invite = await queries.find_good(session, digest)
    if invite is None:
        raise NotFound
    await session.refresh(group)
    if await access.find_role(session, group.id, user.id) is not None:
        return Joined(group, is_new=False)
    if invite.uses_left is not None:
        invite.uses_left -= 1
    await members.join(session, group, user, joined_seq)
    return Joined(group, is_new=True)


async def _open_desk(session: AsyncSession, group: Conversation, user: User) -> None:
    await log.hold(session, topic_of(group.id))
    await access.role_in_group(session, group, user, at_least=Role.ADMIN)
