"""One message."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.messages.queries.showing import COLUMNS, show_message
from app.messages.schemas import MessageOut
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
    query = select(*COLUMNS).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    row = (await session.execute(query)).one_or_none()
    return show_message(row) if row else None


@dataclass(frozen=True)
class Draft:
    """What somebody sent, and the message that it made, as it is now.

    `body` is that of the draft: once it is withdrawn, nobody knows.
    """

    body: str | None
    message: MessageOut


async def find_by_client_id(
    session: AsyncSession, conversation_id: int, author_id: int, client_id: str | None
) -> Draft | None:
    """For as long as its author is in the conversation."""
    query = (
        select(*COLUMNS, func.coalesce(_FIRST_BODY, Message.body).label("first_body"))
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
    return Draft(None if row.withdrawn_at else row.first_body, show_message(row))
