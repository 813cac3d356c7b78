"""People and their logins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("encrypted_password", sa.String, nullable=False),
        sa.Column("username", sa.String),
        sa.Column("name", sa.String),
        sa.Column("avatar_url", sa.String),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("uq_users_email", "users", [sa.text("lower(email)")], unique=True)
    op.create_index("uq_users_username", "users", [sa.text("lower(username)")], unique=True)
    op.create_index(
        "ix_users_words",
        "users",
        [
            sa.text(
                "(' ' || lower(coalesce(username, '') || ' ' || coalesce(name, ''))) gin_trgm_ops"
            )
        ],
        postgresql_using="gin",
    )
    op.create_table(
        "logins",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("secret_digest", sa.LargeBinary, nullable=False),
        sa.Column("remembered", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", sa.DateTime(True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_logins_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_logins_user_id", "logins", ["user_id"])


def downgrade() -> None:
    op.drop_table("logins")
    op.drop_table("users")
