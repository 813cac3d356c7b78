"""Posting a message."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.clock import iso
from app.kit.db import tell
from app.kit.errors import Conflict, NotFound
from app.kit.events import Envelope, from_json
from app.messages import queries
from app.messages.events import (
    MESSAGE_CREATED,
    MESSAGE_CREATED_DATA,
    message_created_rest,
    topic_of,
)
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


# Takes the conversation's next place, writes the message and its event there, and makes the
# conversation the most recently active one: a single statement, because a round trip to Postgres
# costs more than anything else here. A `client_id` that was used before inserts nothing; copies
# that come at once wait for each other. Nor does somebody who is no longer in the conversation
# insert anything: the membership is looked at, and kept, when the place has been taken, and whoever
# removes people holds the same place.
_POST = text(f"""
    WITH place AS ({log.NEXT_PLACE}),
    seat AS (
        SELECT place.seq, place.at FROM place, participants
        WHERE conversation_id = :conversation_id AND user_id = :user_id
        FOR KEY SHARE OF participants
    ),
    message AS (
        INSERT INTO messages
            (conversation_id, user_id, seq, body, client_id, created_at, updated_at)
        SELECT :conversation_id, :user_id, seat.seq, :body, :client_id, seat.at, seat.at
        FROM seat
        ON CONFLICT (conversation_id, user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
        RETURNING id, seq, created_at
    ),
    active AS (
        UPDATE conversations SET updated_at = message.created_at
        FROM message WHERE conversations.id = :conversation_id
    ),
    head AS (
        UPDATE streams SET last_seq = message.seq, last_at = message.created_at
        FROM message WHERE streams.topic = :topic
    )
    INSERT INTO events (topic, seq, at, name, data)
    SELECT :topic, seq, created_at, :name, {MESSAGE_CREATED_DATA} FROM message
    RETURNING seq, at, data
""")


async def post(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """Raises: IdempotencyKeyReuse when the key came before with another body; NotFound."""
    topic = topic_of(conversation.id)
    values = {
        "topic": topic,
        "conversation_id": conversation.id,
        "user_id": author.id,
        "body": draft.body,
        "client_id": draft.client_id,
        "name": MESSAGE_CREATED,
        "rest": message_created_rest(conversation.id, author.id, draft),
    }
    row = (await session.execute(_POST, values)).one_or_none()
    if row is None:
        return await _replay(session, conversation, author, draft)
    tell(session, Envelope(topic, MESSAGE_CREATED, row.data, row.seq, iso(row.at)))
    return Posted(from_json(row.data)["message"])


async def _replay(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The draft was posted before: its place is left to the next one, and nobody is told.

    Or its author is in the conversation no longer.
    """
    earlier = await queries.find_by_client_id(session, conversation.id, author.id, draft.client_id)
    if earlier is None:
        raise NotFound
    if earlier.body not in (None, draft.body):
        raise IdempotencyKeyReuse
    return Posted(earlier.message, is_replay=True)
