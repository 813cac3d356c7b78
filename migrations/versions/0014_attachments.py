"""Files that people send, and what of them is shown beside their messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

_STATES = "('uploading', 'processing', 'ready', 'failed', 'removed')"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("state", sa.String, server_default="uploading", nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column(
            "content_type", sa.String, server_default="application/octet-stream", nullable=False
        ),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("thumbnail_type", sa.String),
        sa.Column("thumbnail_size", sa.Integer),
        sa.Column("processed_seq", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_attachments_user_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], "fk_attachments_message_id"),
        sa.CheckConstraint(f"state IN {_STATES}", "state"),
        sa.CheckConstraint(
            "message_id IS NULL OR state IN ('processing', 'ready', 'failed')", "attached"
        ),
    )
    op.create_index(
        "ix_attachments_user_id", "attachments", ["user_id"], postgresql_include=["size"]
    )
    op.create_index(
        "ix_attachments_message_id",
        "attachments",
        ["message_id"],
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_attachments_unattached",
        "attachments",
        ["updated_at"],
        postgresql_where=sa.text("message_id IS NULL"),
    )
    op.add_column("messages", sa.Column("attachments", JSONB))
    op.drop_constraint("ck_messages_withdrawn", "messages")
    op.create_check_constraint(
        "withdrawn", "messages", "withdrawn_at IS NULL OR (body = '' AND attachments IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint("ck_messages_withdrawn", "messages")
    op.create_check_constraint("withdrawn", "messages", "withdrawn_at IS NULL OR body = ''")
    op.drop_column("messages", "attachments")
    op.drop_table("attachments")
