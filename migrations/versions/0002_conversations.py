"""Conversations, who takes part in them, and their messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("title", sa.String),
        sa.Column("group", sa.Boolean, nullable=False),
        sa.Column("direct_pair", ARRAY(sa.BigInteger)),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            'direct_pair IS NULL OR (NOT "group" AND array_length(direct_pair, 1) = 2'
            " AND direct_pair[1] < direct_pair[2])",
            "direct_pair",
        ),
    )
    op.create_index("uq_conversations_direct_pair", "conversations", ["direct_pair"], unique=True)
    op.create_table(
        "participants",
        sa.Column("conversation_id", sa.BigInteger, primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True),
        sa.Column("last_read_seq", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            "fk_participants_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], "fk_participants_user_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_participants_user_id", "participants", ["user_id", "conversation_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("client_id", sa.String),
        sa.Column("created_at", sa.DateTime(True), nullable=False),
        sa.Column("updated_at", sa.DateTime(True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            "fk_messages_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_messages_user_id"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_messages_conversation_id_seq"),
    )
    op.create_index(
        "uq_messages_conversation_id_created_at",
        "messages",
        ["conversation_id", "created_at"],
        unique=True,
    )
    op.create_index(
        "uq_messages_client_id",
        "messages",
        ["conversation_id", "user_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("participants")
    op.drop_table("conversations")
