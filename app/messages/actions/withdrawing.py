"""Taking back what was said: the words go, their place stays."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.clock import iso
from app.kit.db import announce
from app.kit.errors import Forbidden
from app.messages import queries
from app.messages.actions.holding import Held, hold
from app.messages.events import message_withdrawn, topic_of
from app.models import Conversation, Message, MessageVersion, Role, User


class AuthorOrAdminsOnly(Forbidden):
    code = "author_or_admins_only"
    message = "Only its author and, in a group, its owner and admins may withdraw a message"


async def withdraw(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int
) -> None:
    """Who does it again changes nothing. Raises: NotFound; AuthorOrAdminsOnly."""
    held = await hold(session, conversation, user, message_id)
    if held.message["user_id"] != user.id and not held.role.is_at_least(Role.ADMIN):
        raise AuthorOrAdminsOnly
    if held.message["withdrawn_at"]:
        return
    await _forget_words(session, held, await _bury(session, message_id))
    tombstone = await queries.find_message(session, conversation.id, message_id)
    assert tombstone is not None
    announce(session, message_withdrawn(tombstone, user.id))


async def _bury(session: AsyncSession, message_id: int) -> datetime:
    now = func.statement_timestamp()
    message = update(Message).where(Message.id == message_id)
    buried = message.values(body="", updated_at=now, withdrawn_at=now)
    result = await session.execute(buried.returning(Message.withdrawn_at))
    return result.scalar_one()  # type: ignore[return-value]


async def _forget_words(session: AsyncSession, held: Held, withdrawn_at: datetime) -> None:
    """Also in the log: whoever replays it hears that there is nothing to hear."""
    message = held.message
    versions = delete(MessageVersion).where(MessageVersion.message_id == message["id"])
    edits = (await session.execute(versions.returning(MessageVersion.seq))).scalars()
    changes = {"body": "", "withdrawn_at": iso(withdrawn_at)}
    topic = topic_of(message["conversation_id"])
    await log.amend(session, topic, [message["seq"], *edits], ["message"], changes)
