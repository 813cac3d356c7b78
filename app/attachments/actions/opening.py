"""What of an attachment is read, and by whom it may be already."""

from dataclasses import dataclass

from app.attachments import types
from app.attachments.actions.depot import stored_as, thumbnail_key
from app.kit.errors import Conflict, NotFound
from app.models import Attachment, AttachmentState


class AttachmentProcessing(Conflict):
    code = "attachment_processing"
    message = "This image is being made ready, and can be read in a moment"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


@dataclass(frozen=True)
class File:
    """Bytes in the storage, and what a browser is told of them. `tag` changes with the bytes."""

    key: str
    name: str
    content_type: str
    inline: bool
    tag: str
    size: int


def open_file(attachment: Attachment, reader_id: int) -> File:
    """An image as it was sent says where it was taken: until that is gone, only to its sender.

    Raises: AttachmentProcessing
    """
    is_processing = attachment.state == AttachmentState.PROCESSING
    if is_processing and attachment.user_id != reader_id:
        raise AttachmentProcessing
    return File(
        key=stored_as(attachment),
        name=attachment.name,
        content_type=types.header_of(attachment.content_type),
        inline=attachment.thumbnail_type is not None,
        tag=f'"{attachment.id}-{attachment.state}"',
        size=attachment.size,
    )


def open_thumbnail(attachment: Attachment) -> File:
    """Raises: AttachmentProcessing; NotFound for what is no image."""
    if attachment.state == AttachmentState.PROCESSING:
        raise AttachmentProcessing
    if attachment.thumbnail_type is None:
        raise NotFound
    return File(
        key=thumbnail_key(attachment.key),
        name=attachment.name,
        content_type=attachment.thumbnail_type,
        inline=True,
        tag=f'"{attachment.id}-thumbnail"',
        size=attachment.thumbnail_size or 0,
    )
