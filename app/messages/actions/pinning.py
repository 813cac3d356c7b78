"""Keeping a message in sight of everybody in its conversation."""

from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import AdminsOnly
from app.kit.clock import iso
from app.kit.db import announce
from app.kit.errors import Conflict
from app.messages import queries
from app.messages.actions.holding import Held, MessageWithdrawn, hold
from app.messages.events import message_pinned, message_unpinned
from app.models import Conversation, Message, Role, User


class TooManyPins(Conflict):
    code = "too_many_pins"
    message = "This conversation has as many pins as it may have: take one of them away"


async def pin(
    session: AsyncSession,
    conversation: Conversation,
    user: User,
    message_id: int,
    *,
    pins_max: int,
) -> None:
    """Again is no news: it stays the pin of whoever was first.

    Raises: NotFound; AdminsOnly; MessageWithdrawn; TooManyPins.
    """
    held = await _hold(session, conversation, user, message_id)
    if held.message["withdrawn_at"]:
        raise MessageWithdrawn
    if held.message["pinned_at"]:
        return
    if await queries.count_pins(session, conversation.id) >= pins_max:
        raise TooManyPins
    pinned_at = await _fasten(session, message_id, user)
    announce(session, message_pinned(conversation.id, message_id, iso(pinned_at), user.id))


async def _fasten(session: AsyncSession, message_id: int, user: User) -> datetime:
    """The time is that of this statement, and so under the lock: a later pin is later."""
    values = {"pinned_at": func.statement_timestamp(), "pinned_by_id": user.id}
    message = update(Message).where(Message.id == message_id).values(**values)
    pinned = await session.execute(message.returning(Message.pinned_at))
    return pinned.scalar_one()  # type: ignore[return-value]


async def unpin(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int
) -> None:
    """What is not pinned is no news. Raises: NotFound; AdminsOnly."""
    held = await _hold(session, conversation, user, message_id)
    if not held.message["pinned_at"]:
        return
    message = update(Message).where(Message.id == message_id)
    await session.execute(message.values(pinned_at=None, pinned_by_id=None))
    announce(session, message_unpinned(conversation.id, message_id, user.id))


async def _hold(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int
) -> Held:
    """For those who may arrange things here. In a direct conversation both may."""
    held = await hold(session, conversation, user, message_id)
    if conversation.group and not held.role.is_at_least(Role.ADMIN):
        raise AdminsOnly
    return held
