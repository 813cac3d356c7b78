"""A person with an account."""

from datetime import datetime

from sqlalchemy import DateTime, Index, literal_column, text, true
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.kit import lookalikes
from app.kit.db import Base
from app.models.columns import Id, Now

# The words of a person: each begins after a space.
WORDS = "(' ' || lower(coalesce(username, '') || ' ' || coalesce(name, '')))"


def _key_of(username: str | None) -> str | None:
    return lookalikes.key(username) if username else None


def _key_of_inserted(context: DefaultExecutionContext) -> str | None:
    """For rows that are inserted without an object."""
    return _key_of(context.get_current_parameters().get("username"))  # type: ignore[no-untyped-call]


class User(Base):
    """`encrypted_password` is a bcrypt hash: Devise's name for it, and Devise's own hashes too.

    `username_key` is the same for usernames that look alike. It follows `username` by itself, and
    is absent for accounts that were older than it and looked like a still older one.

    `unconfirmed_email` is where they want mail once they have shown that it is theirs; until then
    a new account has no `email`, and cannot sign in. Of an account that was closed only the id is
    left, and `deleted_at`: what they wrote stays.

    `last_seen_at` is when they went offline last. Others see it, and whether somebody is here, only
    of who shows their presence.

    `untold_since` is when they last changed how they look, until all their conversations have been
    told of it.

    Lock it with `key_share=True`. What is inserted for somebody needs no more than their key, and
    whoever holds one of their logins and then inserts would else wait for whoever locks them and
    then wants that login: for ever.
    """

    __tablename__ = "users"

    id: Mapped[Id]
    email: Mapped[str | None]
    unconfirmed_email: Mapped[str | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    encrypted_password: Mapped[str]
    username: Mapped[str | None]
    username_key: Mapped[str | None] = mapped_column(default=_key_of_inserted)
    name: Mapped[str | None]
    avatar_url: Mapped[str | None]
    read_receipts: Mapped[bool] = mapped_column(server_default=true())
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    show_presence: Mapped[bool] = mapped_column(server_default=true())
    untold_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("uq_users_email", text("lower(email)"), unique=True),
        # Two rules, as they differ. `вова` in capitals is the same name, though only in capitals
        # is it like a Latin one; `alice` and `aIice` look alike, though they are not one in any
        # case.
        Index("uq_users_username", text("lower(username)"), unique=True),
        Index(
            "uq_users_username_key",
            "username_key",
            unique=True,
            postgresql_where=text("username IS NOT NULL"),
        ),
        # Several people may have named one address: it is the one's who confirms it first.
        Index(
            "ix_users_unconfirmed_email",
            text("lower(unconfirmed_email)"),
            postgresql_where=text("unconfirmed_email IS NOT NULL"),
        ),
        # Nearly always empty, and looked into by whoever lists conversations.
        Index("ix_users_untold", "id", postgresql_where=text("untold_since IS NOT NULL")),
        # Trigrams find the beginning of any word, for the search for people.
        Index(
            "ix_users_words",
            literal_column(WORDS).label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )

    @validates("username")
    def _keep_key(self, _field: str, username: str | None) -> str | None:
        self.username_key = _key_of(username)
        return username
