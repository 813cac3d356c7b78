"""Messages change: what they said before, withdrawals, replies, reactions, and mentions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("messages", sa.Column("edited_at", sa.DateTime(True)))
    op.add_column("messages", sa.Column("withdrawn_at", sa.DateTime(True)))
    op.add_column(
        "messages",
        sa.Column("mentioned_ids", sa.ARRAY(sa.BigInteger), server_default="{}", nullable=False),
    )
    op.add_column(
        "messages",
        sa.Column("mentions_everyone", sa.Boolean, server_default=sa.false(), nullable=False),
    )
    op.add_column("messages", sa.Column("reply_to_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_messages_reply_to_id", "messages", "messages", ["reply_to_id"], ["id"]
    )
    op.create_index(
        "ix_messages_reply_to_id",
        "messages",
        ["reply_to_id"],
        postgresql_where=sa.text("reply_to_id IS NOT NULL"),
    )
    op.create_check_constraint("withdrawn", "messages", "withdrawn_at IS NULL OR body = ''")
    op.create_table(
        "message_versions",
        sa.Column("message_id", sa.BigInteger, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            "fk_message_versions_message_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "reactions",
        sa.Column("message_id", sa.BigInteger, primary_key=True),
        sa.Column("emoji", sa.String, primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True),
        sa.Column("created_at", sa.DateTime(True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], "fk_reactions_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], "fk_reactions_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_reactions_user_id", "reactions", ["user_id"])


def downgrade() -> None:
    op.drop_table("reactions")
    op.drop_table("message_versions")
    op.drop_column("messages", "reply_to_id")
    op.drop_column("messages", "mentions_everyone")
    op.drop_column("messages", "mentioned_ids")
    op.drop_column("messages", "withdrawn_at")
    op.drop_column("messages", "edited_at")
