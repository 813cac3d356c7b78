"""A login: somebody signed in on some device, or a script that acts for them, until it ends."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Now


class Carrier(StrEnum):
    """How a client carries its login."""

    COOKIE = "cookie"
    JWT = "jwt"
    TOKEN = "token"  # noqa: S105  A word for it, and no secret.


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"


class Login(Base):
    """Only the digest of the secret is stored: who reads this table cannot sign in with it.

    A cookie that is not `remembered` is prolonged while it is used. A token has a `name`, may have
    no `expires_at`, and has no `last_seen_at` before it was used.
    """

    __tablename__ = "logins"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    carrier: Mapped[str] = mapped_column(server_default=Carrier.COOKIE)
    scope: Mapped[str] = mapped_column(server_default=Scope.WRITE)
    name: Mapped[str | None]
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    remembered: Mapped[bool]
    address: Mapped[str | None]
    device: Mapped[str | None]
    created_at: Mapped[Now]
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("carrier IN ('cookie', 'jwt', 'token')", name="carrier"),
        CheckConstraint("scope IN ('read', 'write')", name="scope"),
        CheckConstraint("(carrier = 'token') = (name IS NOT NULL)", name="named_token"),
        CheckConstraint("carrier = 'token' OR expires_at IS NOT NULL", name="ends"),
    )
