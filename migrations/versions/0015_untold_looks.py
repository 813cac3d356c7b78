"""Who has changed how they look, until all their conversations have been told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("users", sa.Column("untold_since", sa.DateTime(True)))
    op.create_index(
        "ix_users_untold", "users", ["id"], postgresql_where=sa.text("untold_since IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_users_untold", "users")
    op.drop_column("users", "untold_since")
