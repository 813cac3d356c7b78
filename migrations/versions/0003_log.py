"""The event log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "streams",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("last_seq", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("last_at", sa.DateTime(True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("at", sa.DateTime(True), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("data", sa.String, nullable=False),
    )
    op.create_index("ix_events_at", "events", ["at"], postgresql_using="brin")
    op.create_table(
        "epoch",
        sa.Column("single", sa.Boolean, server_default=sa.text("true"), primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.CheckConstraint("single", "one_row"),
    )
    op.execute("INSERT INTO epoch (name) VALUES (substr(md5(gen_random_uuid()::text), 1, 12))")
    # Rows of streams change with every message; room on the page keeps these updates in place.
    op.execute("ALTER TABLE streams SET (fillfactor = 70)")


def downgrade() -> None:
    op.drop_table("epoch")
    op.drop_table("events")
    op.drop_table("streams")
