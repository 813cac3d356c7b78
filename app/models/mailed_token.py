"""What a link in a mail proves: its reader owns the address."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment, Now


class Purpose(StrEnum):
    """What the link in the mail is for."""

    PASSWORD = "password"  # noqa: S105  A word for it, and no secret.
    CONFIRMATION = "confirmation"
    UNLOCK = "unlock"


class MailedToken(Base):
    """Good once, until `expires_at`; only its digest is stored. `email` is where it was sent.

    One person has one of each purpose, the newest.
    """

    __tablename__ = "mailed_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    email: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[Now]
    expires_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("purpose IN ('password', 'confirmation', 'unlock')", name="purpose"),
        Index("uq_mailed_tokens_user_id_purpose", "user_id", "purpose", unique=True),
    )
