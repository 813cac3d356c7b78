"""Questions about invites."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.invites.schemas import InviteOut
from app.kit.clock import iso
from app.models import Conversation, Invite, Participant, Role

# Not expired or used up.
IS_FRESH: ColumnElement[bool] = and_(
    Invite.expires_at > func.now(), or_(Invite.uses_left.is_(None), Invite.uses_left > 0)
)
# Whoever made it may still invite. (Who has left has no invites any more.)
_MAKER_MAY_INVITE = and_(
    Participant.conversation_id == Invite.conversation_id,
    Participant.user_id == Invite.user_id,
    Participant.role != Role.MEMBER,
)


async def list_invites(session: AsyncSession, conversation_id: int) -> Sequence[Invite]:
    """Those that are good, the newest first."""
    query = (
        select(Invite)
        .join(Participant, _MAKER_MAY_INVITE)
        .where(Invite.conversation_id == conversation_id, IS_FRESH)
        .order_by(Invite.id.desc())
    )
    return (await session.execute(query)).scalars().all()


async def find_group(session: AsyncSession, digest: bytes) -> Conversation | None:
    query = select(Conversation).join(Invite, Invite.conversation_id == Conversation.id)
    return (await session.execute(query.where(Invite.digest == digest))).scalar_one_or_none()


async def find_good(session: AsyncSession, digest: bytes) -> Invite | None:
    query = (
        select(Invite).join(Participant, _MAKER_MAY_INVITE).where(Invite.digest == digest, IS_FRESH)
    )
    return (await session.execute(query)).scalar_one_or_none()


def show_invite(invite: Invite) -> InviteOut:
    return {
        "id": invite.id,
        "user_id": invite.user_id,
        "uses_left": invite.uses_left,
        "created_at": iso(invite.created_at),
        "expires_at": iso(invite.expires_at),
    }
