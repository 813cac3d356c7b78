"""A link by which people join a group."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment, Now


class Invite(Base):
    """Only the digest of its token is stored. `uses_left` is null when any number may join.

    It goes with the membership of whoever made it: who has left invites nobody.
    """

    __tablename__ = "invites"

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    uses_left: Mapped[int | None]
    created_at: Mapped[Now]
    expires_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("uses_left >= 0", name="uses_left"),
        ForeignKeyConstraint(
            ["conversation_id", "user_id"],
            ["participants.conversation_id", "participants.user_id"],
            ondelete="CASCADE",
        ),
        Index("ix_invites_conversation_id", "conversation_id", "user_id"),
    )
