"""A conversation, direct or of a group."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Now


class Conversation(Base):
    """`updated_at` is when it was last active.

    `direct_pair` holds the two people of a direct conversation, the lower id first: being unique,
    it guarantees one direct conversation for each pair. `messages_count` is without those that
    were withdrawn.
    """

    __tablename__ = "conversations"

    id: Mapped[Id]
    title: Mapped[str | None]
    picture_url: Mapped[str | None]
    group: Mapped[bool]
    direct_pair: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    messages_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]

    __table_args__ = (
        CheckConstraint(
            'direct_pair IS NULL OR (NOT "group" AND array_length(direct_pair, 1) = 2'
            " AND direct_pair[1] < direct_pair[2])",
            name="direct_pair",
        ),
        Index("uq_conversations_direct_pair", text("direct_pair"), unique=True),
    )
