"""Posting a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.kit.clock import iso
from app.kit.db import AnyRow, tell
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.events import Envelope, to_json
from app.messages import queries
from app.messages.actions.said import Said
from app.messages.actions.statement import posting
from app.messages.actions.writing import Writer
from app.messages.events import MESSAGE_CREATED, message_created_rest, message_in
from app.messages.schemas import MessageDraft
from app.unread.mentions import Mentions


class IdempotencyKeyReuse(Conflict):
    code = "idempotency_key_reuse"
    message = "This key was used for another message"


@dataclass(frozen=True)
class Posted:
    """`is_replay`: the same draft was posted before, and this is the message that it made.

    Shape: `message` is a MessageOut as JSON: the same text for its author as for all who listen.
    """

    message: str
    is_replay: bool = False


async def post(writer: Writer, conversation_id: int, author_id: int, draft: MessageDraft) -> Posted:
    """With whatever else is said at once.

    Raises: NotFound, also for who is not in the conversation; IdempotencyKeyReuse when the key came
    before with another draft; Invalid; Unavailable.
    """
    said = Said(conversation_id, author_id, draft)
    if said.is_plain and (data := await writer.write(said)) is not None:
        return Posted(message_in(data))
    async with writer.database.autocommit() as session:
        return await _post_alone(session, said)


async def post_within(
    session: AsyncSession, conversation_id: int, author_id: int, draft: MessageDraft
) -> Posted:
    """With whatever else is done in the session. Raises: as `post`."""
    return await _post_alone(session, Said(conversation_id, author_id, draft))


async def _post_alone(session: AsyncSession, said: Said) -> Posted:
    """What was withdrawn may be replied to: whoever was writing meanwhile does not lose their
    words.
    """
    if said.draft.reply_to is not None:
        await _must_be_here(session, said, said.draft.reply_to)
    mentions = await queries.find_mentions(
        session, said.conversation_id, said.author_id, said.draft.body
    )
    rows = await _write(session, said, mentions)
    if not rows:
        return await _replay(session, said)
    for row in rows:
        tell(session, Envelope(row.topic, row.name, row.data, row.seq, iso(row.at)))
    (data,) = (row.data for row in rows if row.name == MESSAGE_CREATED)
    return Posted(message_in(data))


async def _must_be_here(session: AsyncSession, said: Said, reply_to: int) -> None:
    if not await queries.has_message(session, said.conversation_id, reply_to):
        await _must_be_in(session, said)
        raise Invalid.field("reply_to", "unknown", "must be a message of this conversation")


async def _must_be_in(session: AsyncSession, said: Said) -> None:
    """Only who is learns what is the matter."""
    if await access.find_role(session, said.conversation_id, said.author_id) is None:
        raise NotFound


async def _write(session: AsyncSession, said: Said, mentions: Mentions) -> Sequence[AnyRow]:
    """Answers the events that it has put into the log; none if nothing was posted."""
    draft = said.draft
    values = {
        "topic": said.topic,
        "conversation_id": said.conversation_id,
        "user_id": said.author_id,
        "body": draft.body,
        "client_id": draft.client_id,
        "reply_to": draft.reply_to,
        "attachment_ids": draft.attachment_ids,
        "mentioned_ids": mentions.user_ids,
        "mentions_everyone": mentions.everyone,
        "name": MESSAGE_CREATED,
        "rest": message_created_rest(said.conversation_id, said.author_id, draft, mentions),
    }
    statement = posting(
        is_reply=draft.reply_to is not None,
        is_call=mentions.everyone or bool(mentions.user_ids),
        has_files=bool(draft.attachment_ids),
    )
    return (await session.execute(statement, values)).all()


async def _replay(session: AsyncSession, said: Said) -> Posted:
    """The draft was posted before: its place is left to the next one, and nobody is told.

    Or its author is in the conversation no longer, or its files are not there to be sent.
    """
    earlier, draft = None, said.draft
    if draft.client_id is not None:
        earlier = await queries.find_by_client_id(
            session, said.conversation_id, said.author_id, draft.client_id
        )
    if earlier is None:
        await _must_be_in(session, said)
        if not draft.attachment_ids:
            raise NotFound
        sentence = "must be uploads of yours that are in no message yet"
        raise Invalid.field("attachment_ids", "unknown", sentence)
    if earlier.is_known and not earlier.is_of(draft):
        raise IdempotencyKeyReuse
    return Posted(to_json(earlier.message), is_replay=True)
