"""Usernames that look alike are one."""

import sqlalchemy as sa
from alembic import op

from app.kit import lookalikes

revision = "0006"
down_revision = "0005"

_AT_ONCE = 1000
_NAMED = sa.text(
    "SELECT id, username FROM users WHERE id > :after AND username IS NOT NULL"
    " ORDER BY id LIMIT :at_once"
)
_SET_KEYS = sa.text(
    "UPDATE users SET username_key = new.key"
    " FROM unnest(cast(:ids AS bigint[]), cast(:keys AS varchar[])) AS new(id, key)"
    " WHERE users.id = new.id"
)
# The oldest account has the key, so that nobody new looks like any of them.
_LEAVE_OUT_THE_YOUNGER = """
    UPDATE users SET username_key = NULL WHERE EXISTS (
        SELECT FROM users AS older
        WHERE older.username_key = users.username_key AND older.id < users.id
    )
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("username_key", sa.String))
    _compute_keys(op.get_bind())
    # It makes the search for older ones quick, and then gives way to the one that is unique.
    op.create_index("ix_username_key", "users", ["username_key"])
    op.execute(_LEAVE_OUT_THE_YOUNGER)
    op.drop_index("ix_username_key")
    op.create_index(
        "uq_users_username_key",
        "users",
        ["username_key"],
        unique=True,
        postgresql_where=sa.text("username IS NOT NULL"),
    )


def _compute_keys(connection: sa.Connection) -> None:
    after = 0
    while rows := connection.execute(_NAMED, {"after": after, "at_once": _AT_ONCE}).all():
        ids = [id for id, _ in rows]
        keys = [lookalikes.key(username) for _, username in rows]
        connection.execute(_SET_KEYS, {"ids": ids, "keys": keys})
        after = ids[-1]


def downgrade() -> None:
    op.drop_index("uq_users_username_key", "users")
    op.drop_column("users", "username_key")
