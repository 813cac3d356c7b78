"""When people were last here, and whether others may know."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("users", sa.Column("last_seen_at", sa.DateTime(True)))
    yes = sa.Column("show_presence", sa.Boolean, server_default=sa.true(), nullable=False)
    op.add_column("users", yes)


def downgrade() -> None:
    op.drop_column("users", "show_presence")
    op.drop_column("users", "last_seen_at")
