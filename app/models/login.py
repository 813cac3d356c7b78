"""A login: somebody signed in on some device, until it ends."""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Moment, Now


class Login(Base):
    """Only the digest of the secret is stored: who reads this table cannot sign in with it.

    A `remembered` login ends at `expires_at`; any other is prolonged while it is used.
    """

    __tablename__ = "logins"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    remembered: Mapped[bool]
    created_at: Mapped[Now]
    last_seen_at: Mapped[Now]
    expires_at: Mapped[Moment]
