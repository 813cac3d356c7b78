"""Posting a message."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.db import tell
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.events import Envelope, from_json
from app.messages import queries
from app.messages.actions.statement import POST, REPLY
from app.messages.events import MESSAGE_CREATED, message_created_rest, topic_of
from app.messages.schemas import MessageDraft, MessageOut
from app.models import Conversation, User


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
    topic = topic_of(conversation.id)
    values = {
        "topic": topic,
        "conversation_id": conversation.id,
        "user_id": author.id,
        "body": draft.body,
        "client_id": draft.client_id,
        "reply_to": draft.reply_to,
        "name": MESSAGE_CREATED,
        "rest": message_created_rest(conversation.id, author.id, draft),
    }
    statement = POST if draft.reply_to is None else REPLY
    row = (await session.execute(statement, values)).one_or_none()
    if row is None:
        return await _replay(session, conversation, author, draft)
    tell(session, Envelope(topic, MESSAGE_CREATED, row.data, row.seq, iso(row.at)))
    return Posted(from_json(row.data)["message"])


async def _must_be_here(session: AsyncSession, conversation: Conversation, reply_to: int) -> None:
    if not await queries.has_message(session, conversation.id, reply_to):
        raise Invalid.field("reply_to", "unknown", "must be a message of this conversation")


async def _replay(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The draft was posted before: its place is left to the next one, and nobody is told.

    Or its author is in the conversation no longer.
    """
    earlier = await queries.find_by_client_id(session, conversation.id, author.id, draft.client_id)
    if earlier is None:
        raise NotFound
    if earlier.is_known and (earlier.body, earlier.reply_to) != (draft.body, draft.reply_to):
        raise IdempotencyKeyReuse
    return Posted(earlier.message, is_replay=True)
