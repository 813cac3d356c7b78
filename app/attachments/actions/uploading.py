"""Taking a file in, without ever holding the whole of it.

First there is a row, then there are bytes, and then the row says so. Whatever breaks off on the
way is removed at once; what a process leaves behind that was killed, the sweep finds by its row.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.attachments import queries, types
from app.attachments.actions.depot import Depot
from app.attachments.naming import content_disposition
from app.attachments.schemas import AttachmentOut
from app.kit.errors import ChatFlowError, Invalid, TooLarge, TooMany, Unavailable
from app.kit.jobs import enqueue
from app.kit.logs import brief
from app.kit.settings import Settings
from app.models import Attachment, AttachmentState, User

logger = structlog.get_logger()


class QuotaExceeded(TooLarge):
    code = "quota_exceeded"
    message = "There is no room for this file beside your other ones"


class TooManyUploads(TooMany):
    code = "too_many_uploads"
    message = "You are uploading enough files at once already: wait for one of them"


class UploadTooSlow(ChatFlowError):
    status = 408
    code = "upload_too_slow"
    message = "This upload has taken too long"


@dataclass(frozen=True)
class Upload:
    """`size` is what the client declared, if it did."""

    name: str
    size: int | None
    chunks: AsyncIterator[bytes]


async def upload(depot: Depot, user_id: int, upload: Upload) -> AttachmentOut:
    """Raises: TooLarge; QuotaExceeded; TooManyUploads; UploadTooSlow; Invalid for an empty one."""
    async with depot.database.unit_of_work() as session:
        attachment = await _reserve(session, depot.settings, user_id, upload)
    try:
        async with asyncio.timeout(depot.settings.attachment_upload_max_seconds):
            content_type, size = await _store(depot, attachment, upload)
        async with depot.database.unit_of_work() as session:
            return await _finish(session, attachment.id, content_type, size)
    except BaseException as error:
        await asyncio.shield(_discard(depot, attachment))
        if isinstance(error, TimeoutError):
            raise UploadTooSlow from None
        raise


async def _reserve(
    session: AsyncSession, settings: Settings, user_id: int, upload: Upload
) -> Attachment:
    """One after another for each person: of twenty at once, only those go on that have room."""
    one = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    await session.execute(one)
    largest = settings.attachment_max_bytes
    left = settings.attachment_quota_bytes - await queries.count_bytes(session, user_id)
    if upload.size is not None and upload.size > largest:
        raise TooLarge
    if left <= 0 or (upload.size or 0) > left:
        raise QuotaExceeded
    if await queries.count_uploads(session, user_id) >= settings.attachment_uploads_at_once_max:
        raise TooManyUploads(headers={"Retry-After": "1"})
    attachment = Attachment(
        user_id=user_id,
        key=secrets.token_hex(16),
        name=upload.name,
        size=upload.size if upload.size is not None else min(largest, left),
        updated_at=func.now(),
    )
    session.add(attachment)
    await session.flush()
    return attachment


async def _store(depot: Depot, attachment: Attachment, upload: Upload) -> tuple[str, int]:
    """Answers what it is, and how big."""
    bounded = _Bounded(upload.chunks, attachment.size, depot.settings.attachment_max_bytes)
    head = await bounded.read_head()
    if not head:
        raise Invalid.field("file", "blank", "can't be blank")
    content_type = types.guess(head)
    headers = {
        "Content-Type": types.header_of(content_type),
        "Content-Disposition": content_disposition(attachment.name, inline=False),
    }
    await depot.storage.put(attachment.key, bounded.chunks(), headers)
    return content_type, bounded.size


class _Bounded:
    """What comes in, up to what was reserved."""

    def __init__(self, chunks: AsyncIterator[bytes], reserved: int, largest: int) -> None:
        self._chunks, self._reserved, self._largest = chunks, reserved, largest
        self._head = b""
        self.size = 0

    async def read_head(self) -> bytes:
        while len(self._head) < types.HEAD_BYTES and (chunk := await self._next()):
            self._head += chunk
        return self._head[: types.HEAD_BYTES]

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of it, with the head."""
        yield self._head
        while chunk := await self._next():
            yield chunk

    async def _next(self) -> bytes:
        """The next bytes, and none at the end."""
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._reserved:
                raise QuotaExceeded if self._reserved < self._largest else TooLarge
            if chunk:
                return chunk
        return b""


async def _finish(session: AsyncSession, id: int, content_type: str, size: int) -> AttachmentOut:
    is_image = content_type in types.IMAGES
    state = AttachmentState.PROCESSING if is_image else AttachmentState.READY
    finished = (
        update(Attachment)
        .where(Attachment.id == id, Attachment.state == AttachmentState.UPLOADING)
        .values(state=state, content_type=content_type, size=size, updated_at=func.now())
        .returning(Attachment)
        .execution_options(populate_existing=True)
    )
    attachment = (await session.execute(finished)).scalar_one_or_none()
    if attachment is None:  # The sweep has taken it for one that nobody goes on with.
        raise Unavailable
    if is_image:
        await enqueue(session, "attachments.process", {"id": id, "key": attachment.key})
    return queries.show(attachment)


async def _discard(depot: Depot, attachment: Attachment) -> None:
    """What cannot be done now, the sweep does."""
    try:
        await depot.storage.delete(attachment.key)
        async with depot.database.unit_of_work() as session:
            await session.execute(delete(Attachment).where(Attachment.id == attachment.id))
    except Exception as error:
        logger.warning("upload.left_behind", attachment_id=attachment.id, error=brief(error))
