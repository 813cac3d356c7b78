"""A message. In one conversation, the order of `seq`, of `created_at` and of `id` is the same."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment


class Message(Base):
    """`seq` and `created_at` are those of its `message.created` event in the log.

    `updated_at` is when its body was written, at first or by its last edit, or withdrawn.
    `search_text` is the body without accents and capitals. Postgres keeps it, by the function that
    folds what is searched for, too.
    `attachments` is what everybody is shown of their rows, beside them: histories need no other
    query. Most messages have none, and then it is null.
    """

    __tablename__ = "messages"

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str]
    reply_to_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))
    search_text: Mapped[str | None] = mapped_column(
        Computed("search_fold(body)", persisted=True), deferred=True
    )
    client_id: Mapped[str | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    mentioned_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    mentions_everyone: Mapped[bool] = mapped_column(server_default=text("false"))
    attachments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    edited_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]
    pinned_at: Mapped[Moment | None]
    pinned_by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("users.id"))

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        CheckConstraint(
            "withdrawn_at IS NULL OR (body = '' AND attachments IS NULL)", name="withdrawn"
        ),
        CheckConstraint(
            "(pinned_at IS NULL) = (pinned_by_id IS NULL)"
            " AND (pinned_at IS NULL OR withdrawn_at IS NULL)",
            name="pinned",
        ),
        Index(
            "uq_messages_conversation_id_created_at", "conversation_id", "created_at", unique=True
        ),
        Index(
            "ix_messages_reply_to_id",
            "reply_to_id",
            postgresql_where=text("reply_to_id IS NOT NULL"),
        ),
        Index(
            "uq_messages_client_id",
            "conversation_id",
            "user_id",
            "client_id",
            unique=True,
            postgresql_where=text("client_id IS NOT NULL"),
        ),
        Index(
            "ix_messages_pinned_at",
            "conversation_id",
            "pinned_at",
            postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        Index(
            "ix_messages_search",
            text("search_grams(search_text)"),
            text("(ARRAY[conversation_id])"),
            text("(ARRAY[user_id])"),
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    )
