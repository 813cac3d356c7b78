"""Posting a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.kit.clock import iso
from app.kit.db import AnyRow, tell
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.events import Envelope, from_json
from app.messages import queries
from app.messages.actions.statement import posting
from app.messages.events import MESSAGE_CREATED, message_created_rest, topic_of
from app.messages.schemas import MessageDraft, MessageOut
from app.models import Conversation, User
from app.unread.mentions import Mentions


class IdempotencyKeyReuse(Conflict):
    code = "idempotency_key_reuse"
    message = "This key was used for another message"


@dataclass(frozen=True)
class Posted:
    """`is_replay`: the same draft was posted before, and this is the message that it made."""

    message: MessageOut
    is_replay: bool = False


async def post(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """Raises: IdempotencyKeyReuse when the key came before with another draft; NotFound; Invalid.

    What was withdrawn may be replied to: whoever was writing meanwhile does not lose their words.
    """
    if draft.reply_to is not None:
        await _must_be_here(session, conversation, draft.reply_to)
    mentions = await queries.find_mentions(session, conversation.id, author.id, draft.body)
    rows = await _write(session, conversation, author, draft, mentions)
    if not rows:
        return await _replay(session, conversation, author, draft)
    for row in rows:
        tell(session, Envelope(row.topic, row.name, row.data, row.seq, iso(row.at)))
    (data,) = (row.data for row in rows if row.name == MESSAGE_CREATED)
    return Posted(from_json(data)["message"])


async def _write(
    session: AsyncSession,
    conversation: Conversation,
    author: User,
    draft: MessageDraft,
    mentions: Mentions,
) -> Sequence[AnyRow]:
    """Answers the events that it has put into the log; none if nothing was posted."""
    values = {
        "topic": topic_of(conversation.id),
        "conversation_id": conversation.id,
        "user_id": author.id,
        "body": draft.body,
        "client_id": draft.client_id,
        "reply_to": draft.reply_to,
        "attachment_ids": draft.attachment_ids,
        "mentioned_ids": mentions.user_ids,
        "mentions_everyone": mentions.everyone,
        "name": MESSAGE_CREATED,
        "rest": message_created_rest(
            conversation.id, author.id, draft, mentions.user_ids, mentions.everyone
        ),
    }
    statement = posting(
        is_reply=draft.reply_to is not None,
        is_call=mentions.everyone or bool(mentions.user_ids),
        has_files=bool(draft.attachment_ids),
    )
    return (await session.execute(statement, values)).all()


async def _must_be_here(session: AsyncSession, conversation: Conversation, reply_to: int) -> None:
    if not await queries.has_message(session, conversation.id, reply_to):
        raise Invalid.field("reply_to", "unknown", "must be a message of this conversation")


async def _replay(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The draft was posted before: its place is left to the next one, and nobody is told.

    Or its author is in the conversation no longer, or its files are not there to be sent.
    """
    earlier = None
    if draft.client_id is not None:
        earlier = await queries.find_by_client_id(
            session, conversation.id, author.id, draft.client_id
        )
    if earlier is None:
        if draft.attachment_ids and await access.find_role(session, conversation.id, author.id):
            sentence = "must be uploads of yours that are in no message yet"
            raise Invalid.field("attachment_ids", "unknown", sentence)
        raise NotFound
    if earlier.is_known and not earlier.is_of(draft):
        raise IdempotencyKeyReuse
    return Posted(earlier.message, is_replay=True)
