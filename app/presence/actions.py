"""Showing that one types."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.kit.limits import Limit, Limits
from app.models import Conversation, User
from app.presence.events import typing


async def type_away(
    session: AsyncSession,
    limits: Limits,
    rate: str,
    conversation: Conversation,
    user: User,
    connection: str | None = None,
) -> None:
    """Said no oftener than the rate, however fast somebody types."""
    if await limits.allows(Limit("typing", rate, f"{conversation.id} {user.id}")):
        announce(session, typing(conversation.id, user.id, connection))
