"""A message. In one conversation, the order of `seq`, of `created_at` and of `id` is the same."""

from sqlalchemy import BigInteger, Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment


class Message(Base):
    """`seq` and `created_at` are those of its `message.created` event in the log.

    `search_text` is the body without accents and capitals. Postgres keeps it, by the function that
    folds what is searched for, too.
    """

    __tablename__ = "messages"

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str]
    search_text: Mapped[str | None] = mapped_column(
        Computed("search_fold(body)", persisted=True), deferred=True
    )
    client_id: Mapped[str | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index(
            "uq_messages_conversation_id_created_at", "conversation_id", "created_at", unique=True
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
            "ix_messages_search",
            text("search_grams(search_text)"),
            text("(ARRAY[conversation_id])"),
            text("(ARRAY[user_id])"),
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    )
