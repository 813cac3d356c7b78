"""The door to a file: through the message that it is in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.auth.access.doors import signed_in
from app.kit.errors import NotFound
from app.models import Attachment, AttachmentState, Message, Participant, User

_TO_BE_READ = (AttachmentState.PROCESSING, AttachmentState.READY)


@dataclass(frozen=True, slots=True)
class Opened:
    attachment: Attachment
    user: User


async def _entered_attachment(
    connection: HTTPConnection, attachment_id: Annotated[int, Path(examples=[1])]
) -> Opened:
    """The database is let go before the file is sent."""
    async with connection.state.database.autocommit() as session:
        user = (await signed_in(connection, session)).user
        return Opened(await _open_attachment(session, user.id, attachment_id), user)


async def _open_attachment(session: AsyncSession, user_id: int, id: int) -> Attachment:
    """Its sender's own until it is in a message, and then everybody's in that conversation.

    Raises: NotFound
    """
    is_member = and_(
        Participant.conversation_id == Message.conversation_id, Participant.user_id == user_id
    )
    is_unsent = and_(Attachment.message_id.is_(None), Attachment.user_id == user_id)
    query = (
        select(Attachment)
        .outerjoin(Message)
        .outerjoin(Participant, is_member)
        .where(
            Attachment.id == id,
            Attachment.state.in_(_TO_BE_READ),
            or_(Participant.user_id.is_not(None), is_unsent),
        )
    )
    attachment = (await session.execute(query)).scalar_one_or_none()
    if attachment is None:
        raise NotFound
    return attachment


EnteredAttachment = Annotated[Opened, Depends(_entered_attachment)]
