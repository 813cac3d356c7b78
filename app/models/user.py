"""A person with an account."""

from datetime import datetime

from sqlalchemy import DateTime, Index, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Id, Now

# The words of a person: each begins after a space.
WORDS = "(' ' || lower(coalesce(username, '') || ' ' || coalesce(name, '')))"


class User(Base):
    """`encrypted_password` is a bcrypt hash: Devise's name for it, and Devise's own hashes too.

    `unconfirmed_email` is where they want mail once they have shown that it is theirs. Of an
    account that was closed only the id is left, and `deleted_at`: what they wrote stays.
    """

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str | None]
    unconfirmed_email: Mapped[str | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    encrypted_password: Mapped[str]
    username: Mapped[str | None]
    name: Mapped[str | None]
    avatar_url: Mapped[str | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("uq_users_email", text("lower(email)"), unique=True),
        Index("uq_users_username", text("lower(username)"), unique=True),
        # Trigrams find the beginning of any word, for the search for people.
        Index(
            "ix_users_words",
            literal_column(WORDS).label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )
