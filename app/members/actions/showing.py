"""Showing a member as they are now."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.db import announce
from app.members import queries
from app.members.events import member_edited
from app.messages.events import topic_of
from app.models import User


async def show_anew(session: AsyncSession, conversation_id: int, user_id: int) -> None:
    """Tell a conversation of a changed profile, unless they have left it. Safe to repeat."""
    # Whoever looks before they hold the log may be overtaken, and tell last of an older name.
    await log.hold(session, topic_of(conversation_id))
    for member in await queries.show_members(session, conversation_id, [user_id]):
        announce(session, member_edited(conversation_id, member))


async def have_told(session: AsyncSession, user_id: int, since: datetime | None) -> None:
    """All their conversations, of what they changed then. Who has changed since is told anew."""
    told = update(User).where(User.id == user_id, User.untold_since == since)
    await session.execute(told.values(untold_since=None))
