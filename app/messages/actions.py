"""Posting a message."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.clock import iso
from app.kit.db import announce
from app.kit.errors import Conflict
from app.kit.log import Place
from app.messages import queries
from app.messages.events import message_created, topic_of
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


# Takes the conversation's next place, writes the message there, and makes the conversation the most
# recently active one. A `client_id` that was used before inserts nothing; copies that come at once
# wait for each other here.
_INSERT = text(
    f"""
    WITH place AS ({log.NEXT_PLACE}),
    message AS (
        INSERT INTO messages
            (conversation_id, user_id, seq, body, client_id, created_at, updated_at)
        SELECT :conversation_id, :user_id, place.seq, :body, :client_id, place.at, place.at
        FROM place
        ON CONFLICT (conversation_id, user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
        RETURNING id, seq, created_at
    ),
    active AS (
        UPDATE conversations SET updated_at = message.created_at
        FROM message WHERE conversations.id = :conversation_id
    )
    SELECT id, seq, created_at FROM message
"""
)


async def post(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The conversation is locked from here to the commit.

    Raises: IdempotencyKeyReuse when the key came before with another body.
    """
    topic = topic_of(conversation.id)
    values = {
        "conversation_id": conversation.id,
        "user_id": author.id,
        "body": draft.body,
        "client_id": draft.client_id,
    }
    row = (await session.execute(_INSERT, {**values, "topic": topic})).one_or_none()
    if row is None:
        return await _replay(session, conversation, author, draft)
    message_id, seq, at = row
    message: MessageOut = {
        "id": message_id,
        "conversation_id": conversation.id,
        "user_id": author.id,
        "seq": seq,
        "body": draft.body,
        "client_id": draft.client_id,
        "created_at": iso(at),
        "updated_at": iso(at),
    }
    announce(session, message_created(message), log.hold(session, Place(topic, seq, at)))
    return Posted(message)


async def _replay(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The draft was posted before: its place is left to the next one, and nothing is announced."""
    assert draft.client_id is not None, "every conversation has a stream, from its first moment"
    earlier = await queries.get_by_client_id(session, conversation.id, author.id, draft.client_id)
    if earlier["body"] != draft.body:
        raise IdempotencyKeyReuse
    return Posted(earlier, is_replay=True)
