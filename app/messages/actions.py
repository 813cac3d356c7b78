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


async def post(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> Posted:
    """The conversation is locked from here to the commit, so copies of a draft wait for each other.

    Raises: IdempotencyKeyReuse when the key came before with another body.
    """
    place = await log.take_place(session, topic_of(conversation.id))
    earlier = await _find_earlier(session, conversation, author, draft)
    if earlier is not None:
        if earlier["body"] != draft.body:
            raise IdempotencyKeyReuse
        return Posted(earlier, is_replay=True)
    message = await _insert(session, conversation, author, draft, place)
    announce(session, message_created(message), place)
    return Posted(message)


async def _find_earlier(
    session: AsyncSession, conversation: Conversation, author: User, draft: MessageDraft
) -> MessageOut | None:
    if draft.client_id is None:
        return None
    return await queries.find_by_client_id(session, conversation.id, author.id, draft.client_id)


# A message makes its conversation the most recently active one; one statement does both.
_INSERT = text("""
    WITH active AS (UPDATE conversations SET updated_at = :at WHERE id = :conversation_id)
    INSERT INTO messages (conversation_id, user_id, seq, body, client_id, created_at, updated_at)
    VALUES (:conversation_id, :user_id, :seq, :body, :client_id, :at, :at)
    RETURNING id
""")


async def _insert(
    session: AsyncSession,
    conversation: Conversation,
    author: User,
    draft: MessageDraft,
    place: Place,
) -> MessageOut:
    values = {
        "conversation_id": conversation.id,
        "user_id": author.id,
        "seq": place.seq,
        "body": draft.body,
        "client_id": draft.client_id,
        "at": place.at,
    }
    message_id = (await session.execute(_INSERT, values)).scalar_one()
    return {
        "id": message_id,
        "conversation_id": conversation.id,
        "user_id": author.id,
        "seq": place.seq,
        "body": draft.body,
        "client_id": draft.client_id,
        "created_at": iso(place.at),
        "updated_at": iso(place.at),
    }
