"""One message."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.messages.queries.showing import select_messages, show_messages
from app.messages.schemas import MessageDraft, MessageOut
from app.models import Message, MessageVersion, Participant

_IS_AUTHOR = and_(
    Participant.conversation_id == Message.conversation_id, Participant.user_id == Message.user_id
)

_FIRST_BODY = (
    select(MessageVersion.body)
    .where(MessageVersion.message_id == Message.id)
    .order_by(MessageVersion.seq)
    .limit(1)
    .scalar_subquery()
)


async def find_message(
    session: AsyncSession, conversation_id: int, message_id: int
) -> MessageOut | None:
    query = select_messages().where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    row = (await session.execute(query)).one_or_none()
    return (await show_messages(session, [row]))[0] if row else None


async def has_message(session: AsyncSession, conversation_id: int, message_id: int) -> bool:
    """Messages neither move nor go, so that what is so stays so."""
    query = select(Message.id).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    return (await session.execute(query)).first() is not None


@dataclass(frozen=True)
class Draft:
    """What somebody sent, and the message that it made, as it is now.

    Once it is withdrawn nobody knows what it was.
    """

    body: str
    message: MessageOut

    def is_of(self, draft: MessageDraft) -> bool:
        quote = self.message["reply_to"]
        files = [attachment["id"] for attachment in self.message["attachments"]]
        mine = (self.body, quote["id"] if quote else None, files)
        return mine == (draft.body, draft.reply_to, draft.attachment_ids)

    @property
    def is_known(self) -> bool:
        return self.message["withdrawn_at"] is None


async def find_by_client_id(
    session: AsyncSession, conversation_id: int, author_id: int, client_id: str
) -> Draft | None:
    """For as long as its author is in the conversation."""
    query = (
        select_messages()
        .add_columns(func.coalesce(_FIRST_BODY, Message.body).label("first_body"))
        .join(Participant, _IS_AUTHOR)
        .where(
            Message.conversation_id == conversation_id,
            Message.user_id == author_id,
            Message.client_id == client_id,
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    (message,) = await show_messages(session, [row])
    return Draft(row.first_body, message)
