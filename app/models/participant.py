"""Somebody's place in a conversation."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Moment, Now


class Role(StrEnum):
    """What somebody may do in a group. In a direct conversation both are members."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"

    def is_at_least(self, other: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) <= ranks.index(other)

    def outranks(self, other: "Role") -> bool:
        return not other.is_at_least(self)


class NotificationLevel(StrEnum):
    """What of a conversation somebody wants to be notified of."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


# Later than any time that may be named. Postgres has `infinity`, but asyncpg reads it as a time
# without a zone.
MUTED_FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class Participant(Base):
    """One membership per person and conversation; `last_read_seq` is how far they have read.

    `joined_seq` is how far the conversation had come when they did: what follows is news to them,
    although they may read all of it. What the conversation is to them goes with the membership: who
    comes back finds it neither muted nor archived.

    `read_count` is of the conversation's messages that are not unread to them: those up to
    `last_read_seq`, and their own wherever they are. So what is unread is known without counting.
    `seen_seq` and `delivered_seq` are what others are told: they only grow, and stay at 0 for who
    does not want them to be told. All of these change only while the conversation's log is held.
    """

    __tablename__ = "participants"

    conversation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(server_default=Role.MEMBER)
    joined_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_read_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    read_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    unread_mentions: Mapped[int] = mapped_column(BigInteger, server_default="0")
    seen_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    seen_at: Mapped[Moment | None]
    delivered_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    delivered_at: Mapped[Moment | None]
    muted_until: Mapped[Moment | None]
    archived: Mapped[bool] = mapped_column(server_default=false())
    favourite: Mapped[bool] = mapped_column(server_default=false())
    notifications: Mapped[str] = mapped_column(server_default=NotificationLevel.ALL)
    created_at: Mapped[Now]
    updated_at: Mapped[Now]

    __table_args__ = (
        CheckConstraint("role IN ('owner', 'admin', 'member')", name="role"),
        CheckConstraint("notifications IN ('all', 'mentions', 'nothing')", name="notifications"),
        Index("ix_participants_user_id", "user_id", "conversation_id"),
        Index(
            "uq_participants_owner",
            "conversation_id",
            unique=True,
            postgresql_where=text("role = 'owner'"),
        ),
    )
