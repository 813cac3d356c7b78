"""Making an image ready for others: upright, without EXIF, with a thumbnail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.attachments import queries
from app.attachments.actions.depot import Depot, all_keys, image_key, thumbnail_key
from app.attachments.events import message_attachments_changed
from app.attachments.naming import content_disposition
from app.auth.events import topic_of
from app.kit import log
from app.kit.db import announce
from app.kit.images import Darkroom, Picture, Undevelopable, read
from app.models import Attachment, AttachmentState, Message

logger = structlog.get_logger()


class Workshop(Depot, Protocol):
    @property
    def darkroom(self) -> Darkroom: ...


async def process(workshop: Workshop, id: int, key: str) -> None:
    """Safe to repeat: what was made before is made again, under the same keys."""
    async with workshop.database.autocommit() as session:
        image = await queries.find_processing(session, id)
    if image is None:
        return
    outcome = await _develop(workshop, image)
    if await _conclude(workshop, id, outcome):
        spare = all_keys(key) if outcome["state"] == AttachmentState.FAILED else (key,)
        await workshop.storage.delete(*spare)
    else:  # Removed, and perhaps erased before the last of it was stored.
        await workshop.storage.delete(*all_keys(key))


async def _develop(workshop: Workshop, image: Attachment) -> dict[str, Any]:
    """Answers what to write into the row."""
    try:
        async with _picture(workshop, image) as picture:
            return await _store(workshop, image, picture)
    except Undevelopable as reason:
        logger.info("image.undevelopable", attachment_id=image.id, reason=str(reason))
        return {"state": AttachmentState.FAILED, "size": 0}


@asynccontextmanager
async def _picture(workshop: Workshop, image: Attachment) -> AsyncIterator[Picture]:
    chunks = await workshop.storage.read(image.key, 0, image.size)
    async with workshop.darkroom.developed(chunks) as picture:
        yield picture


async def _store(workshop: Workshop, image: Attachment, picture: Picture) -> dict[str, Any]:
    headers = {
        "Content-Type": image.content_type,
        "Content-Disposition": content_disposition(image.name, inline=True),
    }
    await workshop.storage.put(image_key(image.key), read(picture.image), headers)
    headers |= {"Content-Type": picture.thumbnail_type}
    await workshop.storage.put(thumbnail_key(image.key), read(picture.thumbnail), headers)
    return {
        "state": AttachmentState.READY,
        "size": picture.image.stat().st_size,
        "width": picture.width,
        "height": picture.height,
        "thumbnail_type": picture.thumbnail_type,
        "thumbnail_size": picture.thumbnail.stat().st_size,
    }


async def _conclude(workshop: Workshop, id: int, outcome: dict[str, Any]) -> bool:
    """Answers whether it is still wanted. It may be put into a message meanwhile, but only once."""
    for _ in range(2):
        async with workshop.database.unit_of_work() as session:
            message = await queries.find_message(session, id)
            seq = await _hold(session, message)
            attachment = await _write(session, id, message, outcome | {"processed_seq": seq})
            if attachment is not None:
                if message is not None:
                    await _tell(session, message, attachment)
                return True
    return False


async def _hold(session: AsyncSession, message: Message | None) -> int | None:
    """The position of the news. Before the row, as whoever posts or withdraws does."""
    if message is None:
        return None
    return await log.hold(session, topic_of(message.conversation_id)) + 1


async def _write(
    session: AsyncSession, id: int, message: Message | None, values: dict[str, Any]
) -> Attachment | None:
    """None if it is not where it was."""
    unchanged = update(Attachment).where(
        Attachment.id == id,
        Attachment.state == AttachmentState.PROCESSING,
        Attachment.message_id.is_not_distinct_from(message.id if message else None),
    )
    written = unchanged.values(**values, updated_at=func.now()).returning(Attachment)
    return (await session.execute(written)).scalar_one_or_none()


async def _tell(session: AsyncSession, message: Message, attachment: Attachment) -> None:
    """What the message shows is read anew: another of its images may have been concluded since."""
    current = select(Message.attachments).where(Message.id == message.id)
    before = (await session.execute(current)).scalar_one() or []
    now = queries.show(attachment)
    shown: Any = [now if one["id"] == now["id"] else one for one in before]
    changed = update(Message).where(Message.id == message.id).values(attachments=shown)
    await session.execute(changed)
    announce(session, message_attachments_changed(message.conversation_id, message.id, shown))
