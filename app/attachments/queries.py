"""Questions about attachments."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.attachments.schemas import AttachmentOut
from app.models import Attachment, AttachmentState, Message

# As SQL over the table, for the statement that posts a message: `show` in another language.
SHOWN = """jsonb_build_object(
    'id', id, 'name', name, 'content_type', content_type, 'size', size, 'state', state,
    'width', width, 'height', height, 'thumbnail', thumbnail_type IS NOT NULL
)"""


def show(attachment: Attachment) -> AttachmentOut:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "state": attachment.state,
        "width": attachment.width,
        "height": attachment.height,
        "thumbnail": attachment.thumbnail_type is not None,
    }


async def count_bytes(session: AsyncSession, user_id: int) -> int:
    """Of all of somebody's files, with those that are on their way."""
    total = select(func.coalesce(func.sum(Attachment.size), 0))
    return int((await session.execute(total.where(Attachment.user_id == user_id))).scalar_one())


async def count_uploads(session: AsyncSession, user_id: int) -> int:
    """That are on their way now."""
    query = select(func.count()).where(
        Attachment.user_id == user_id, Attachment.state == AttachmentState.UPLOADING
    )
    return (await session.execute(query)).scalar_one()


async def find_processing(session: AsyncSession, id: int) -> Attachment | None:
    query = select(Attachment).where(
        Attachment.id == id, Attachment.state == AttachmentState.PROCESSING
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_message(session: AsyncSession, id: int) -> Message | None:
    """The one that an attachment is in."""
    query = select(Message).join(Attachment).where(Attachment.id == id)
    return (await session.execute(query)).scalar_one_or_none()


async def list_removed(session: AsyncSession, ids: Sequence[int]) -> Sequence[Attachment]:
    query = select(Attachment).where(
        Attachment.id.in_(ids), Attachment.state == AttachmentState.REMOVED
    )
    return (await session.execute(query)).scalars().all()
