"""What happened to an account, for its owner to read."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Now


class Activity(Base):
    """`name` is in the past tense; `details` hold no secret. The login may have ended since."""

    __tablename__ = "activities"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    at: Mapped[Now]
    login_id: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str | None]
    device: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (
        Index("ix_activities_user_id", "user_id", "at", "id"),
        # It grows at its end only: a block range index finds what is old at almost no cost.
        Index("ix_activities_at", "at", postgresql_using="brin"),
    )
