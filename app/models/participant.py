"""Somebody's place in a conversation."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Now


class Participant(Base):
    """One membership per person and conversation; `last_read_seq` is how far they have read."""

    __tablename__ = "participants"

    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    last_read_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[Now]
    updated_at: Mapped[Now]

    __table_args__ = (Index("ix_participants_user_id", "user_id", "conversation_id"),)
