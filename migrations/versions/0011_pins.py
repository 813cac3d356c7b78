"""Pins: messages that are kept in sight."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("messages", sa.Column("pinned_at", sa.DateTime(True)))
    op.add_column("messages", sa.Column("pinned_by_id", sa.BigInteger))
    op.create_foreign_key("fk_messages_pinned_by_id", "messages", "users", ["pinned_by_id"], ["id"])
    op.create_check_constraint(
        "pinned",
        "messages",
        "(pinned_at IS NULL) = (pinned_by_id IS NULL)"
        " AND (pinned_at IS NULL OR withdrawn_at IS NULL)",
    )
    # A message is written to it only while it is pinned: posting pays nothing.
    op.create_index(
        "ix_messages_pinned_at",
        "messages",
        ["conversation_id", "pinned_at"],
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_column("messages", "pinned_by_id")
    op.drop_column("messages", "pinned_at")
