"""Roles, the places from which people have taken part, pictures of groups, and invites."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# Who started a group was not written down. Its first participant is the best guess.
_FIRST_ONES_OWN = """
    UPDATE participants SET role = 'owner'
    FROM (
        SELECT DISTINCT ON (conversation_id) conversation_id, user_id
        FROM participants JOIN conversations ON conversations.id = conversation_id
        WHERE "group"
        ORDER BY conversation_id, participants.created_at, user_id
    ) AS first
    WHERE participants.conversation_id = first.conversation_id
        AND participants.user_id = first.user_id
"""


def upgrade() -> None:
    op.add_column("conversations", sa.Column("picture_url", sa.String))
    op.add_column(
        "participants", sa.Column("role", sa.String, server_default="member", nullable=False)
    )
    op.add_column(
        "participants", sa.Column("joined_seq", sa.BigInteger, server_default="0", nullable=False)
    )
    op.create_check_constraint("role", "participants", "role IN ('owner', 'admin', 'member')")
    op.execute(_FIRST_ONES_OWN)
    op.create_index(
        "uq_participants_owner",
        "participants",
        ["conversation_id"],
        unique=True,
        postgresql_where=sa.text("role = 'owner'"),
    )
    op.create_table(
        "invites",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("uses_left", sa.Integer),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", sa.DateTime(True), nullable=False),
        sa.CheckConstraint("uses_left >= 0", "uses_left"),
        sa.UniqueConstraint("digest", name="uq_invites_digest"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "user_id"],
            ["participants.conversation_id", "participants.user_id"],
            "fk_invites_conversation_id_user_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_invites_conversation_id", "invites", ["conversation_id", "user_id"])


def downgrade() -> None:
    op.drop_table("invites")
    op.drop_index("uq_participants_owner", "participants")
    op.drop_constraint("ck_participants_role", "participants")
    op.drop_column("participants", "joined_seq")
    op.drop_column("participants", "role")
    op.drop_column("conversations", "picture_url")
