"""Editing what one has said."""

from datetime import timedelta

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.kit.errors import Conflict, Forbidden
from app.messages import queries
from app.messages.actions.holding import Held, MessageWithdrawn, hold
from app.messages.events import mention_created, message_edited
from app.messages.schemas import VERSIONS_MAX, MessageEdit, MessageOut
from app.models import Conversation, Message, MessageVersion, User
from app.unread import actions as unread
from app.unread.mentions import Mentions

_ONE_TICK = timedelta(microseconds=1)


class AuthorOnly(Forbidden):
    code = "author_only"
    message = "Only its author may edit a message"


class TooManyVersions(Conflict):
    code = "too_many_versions"
    message = f"This message has been edited {VERSIONS_MAX} times, and may not be again"


async def edit(
    session: AsyncSession, conversation: Conversation, editor: User, id: int, edit: MessageEdit
) -> MessageOut:
    """Nobody is told of what stays as it is.

    Raises: NotFound; AuthorOnly; MessageWithdrawn; TooManyVersions.
    """
    held = await hold(session, conversation, editor, id)
    if held.message["user_id"] != editor.id:
        raise AuthorOnly
    if held.message["withdrawn_at"]:
        raise MessageWithdrawn
    if held.message["body"] == edit.body:
        return held.message
    if await queries.count_versions(session, id) >= VERSIONS_MAX:
        raise TooManyVersions
    await _keep_version(session, held)
    mentions = await queries.find_mentions(session, conversation.id, editor.id, edit.body)
    await _write(session, id, edit.body, mentions)
    edited = await queries.find_message(session, conversation.id, id)
    assert edited is not None
    announce(session, message_edited(edited))
    for user_id in set(mentions.user_ids) - set(held.message["mentions"]):
        announce(session, mention_created(user_id, edited))
    await unread.count_mentions(session, held.changed, mentions)
    return edited


async def _keep_version(session: AsyncSession, held: Held) -> None:
    """`updated_at` is when it was written."""
    earlier = select(Message.id, literal(held.next_seq), Message.body, Message.updated_at).where(
        Message.id == held.message["id"]
    )
    columns = ("message_id", "seq", "body", "created_at")
    await session.execute(insert(MessageVersion).from_select(columns, earlier))


async def _write(session: AsyncSession, id: int, body: str, mentions: Mentions) -> None:
    """The time is that of this statement, and so under the lock: a later version is later."""
    now = func.greatest(func.statement_timestamp(), Message.updated_at + _ONE_TICK)
    message = update(Message).where(Message.id == id)
    called = {"mentioned_ids": mentions.user_ids, "mentions_everyone": mentions.everyone}
    await session.execute(message.values(body=body, updated_at=now, edited_at=now, **called))
