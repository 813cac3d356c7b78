"""A file that somebody has sent: in a message, or on its way into one."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment, Now


class AttachmentState(StrEnum):
    """`processing` is an image before its thumbnail; `failed` is what was none, and is not kept.

    `uploading` has a row before there are bytes, and `removed` until there are none: whatever is
    stored, some row tells of it.
    """

    UPLOADING = "uploading"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


class Attachment(Base):
    """`key` names its bytes in the storage, and is shown to nobody. `size` is reserved at first.

    `processed_seq` is the position of the news that it was processed.
    Nothing cascades here: a row that went by itself would leave its bytes behind.
    """

    __tablename__ = "attachments"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))
    key: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=AttachmentState.UPLOADING)
    name: Mapped[str]
    content_type: Mapped[str] = mapped_column(server_default="application/octet-stream")
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    thumbnail_type: Mapped[str | None]
    thumbnail_size: Mapped[int | None]
    processed_seq: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Now]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "state IN ('uploading', 'processing', 'ready', 'failed', 'removed')", name="state"
        ),
        CheckConstraint(
            "message_id IS NULL OR state IN ('processing', 'ready', 'failed')", name="attached"
        ),
        # What somebody's files weigh is read from the index alone.
        Index("ix_attachments_user_id", "user_id", postgresql_include=["size"]),
        Index(
            "ix_attachments_message_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_attachments_unattached",
            "updated_at",
            postgresql_where=text("message_id IS NULL"),
        ),
    )
