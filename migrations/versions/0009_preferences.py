"""What a conversation is to each of its people."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("participants", sa.Column("muted_until", sa.DateTime(True)))
    for name in ("archived", "favourite"):
        no = sa.Column(name, sa.Boolean, server_default=sa.false(), nullable=False)
        op.add_column("participants", no)
    op.add_column(
        "participants", sa.Column("notifications", sa.String, server_default="all", nullable=False)
    )
    op.create_check_constraint(
        "notifications", "participants", "notifications IN ('all', 'mentions', 'nothing')"
    )


def downgrade() -> None:
    op.drop_constraint("ck_participants_notifications", "participants")
    for name in ("notifications", "favourite", "archived", "muted_until"):
        op.drop_column("participants", name)
