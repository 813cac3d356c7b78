"""A person with an account."""

from sqlalchemy import Index, literal_column, text
from sqlalchemy.orm import Mapped

from app.kit.db import Base
from app.models.columns import Id, Now

# The words of a person: each begins after a space.
WORDS = "(' ' || lower(coalesce(username, '') || ' ' || coalesce(name, '')))"


class User(Base):
    """`encrypted_password` is a bcrypt hash: Devise's name for it, and Devise's own hashes too."""

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str]
    encrypted_password: Mapped[str]
    username: Mapped[str | None]
    name: Mapped[str | None]
    avatar_url: Mapped[str | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]

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
