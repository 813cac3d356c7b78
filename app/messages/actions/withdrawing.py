"""Taking back what was said: the words go, their place stays."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.attachments import actions as attachments
from app.kit import log
from app.kit.clock import iso
from app.kit.db import announce
from app.kit.errors import Forbidden
from app.messages import queries
from app.messages.actions.holding import Held, hold
from app.messages.events import message_withdrawn, topic_of
from app.models import Conversation, Message, MessageVersion, Reaction, Role, User
from app.unread import actions as unread


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
    await session.execute(delete(Reaction).where(Reaction.message_id == message_id))
    await _forget_words(session, held, await _bury(session, message_id))
    tombstone = await queries.find_message(session, conversation.id, message_id)
    assert tombstone is not None
    await unread.uncount(session, held.changed)
    replied_to = await _count_again(session, held)
    announce(session, message_withdrawn(tombstone, replied_to, user.id))


async def _bury(session: AsyncSession, message_id: int) -> datetime:
    now = func.statement_timestamp()
    message = update(Message).where(Message.id == message_id)
    buried = message.values(
        body="",
        attachments=None,
        reply_to_id=None,
        mentioned_ids=[],
        mentions_everyone=False,
        updated_at=now,
        withdrawn_at=now,
        pinned_at=None,
        pinned_by_id=None,
    )
    result = await session.execute(buried.returning(Message.withdrawn_at))
    return result.scalar_one()  # type: ignore[return-value]


async def _forget_words(session: AsyncSession, held: Held, withdrawn_at: datetime) -> None:
    """Also in the log, and where it is quoted there: whoever replays it hears nothing of them.

    What is withdrawn quotes nobody, so that all news that quote a message are found by its replies.
    """
    message = held.message
    versions = delete(MessageVersion).where(MessageVersion.message_id == message["id"])
    edits = (await session.execute(versions.returning(MessageVersion.seq))).scalars()
    changes: dict[str, object] = {
        "body": "",
        "reply_to": None,
        "attachments": [],
        "mentions": [],
        "mentions_everyone": False,
        "withdrawn_at": iso(withdrawn_at),
        "pinned_at": None,
    }
    topic = topic_of(message["conversation_id"])
    await log.amend(session, topic, [message["seq"], *edits], ["message"], changes)
    if message["attachments"]:
        changed = await attachments.remove_of_message(session, message["id"])
        await log.amend(session, topic, changed, ["message"], {"attachments": []})
    quoting = await queries.list_quoting_seqs(session, message["id"])
    await log.amend(session, topic, quoting, ["message", "reply_to"], {"body": ""})


async def _count_again(session: AsyncSession, held: Held) -> dict[str, int] | None:
    """How often what it replied to is replied to now: whoever replays the log heard of it less."""
    quote = held.message["reply_to"]
    if quote is None:
        return None
    return {"id": quote["id"], "replies_count": await queries.count_replies(session, quote["id"])}
