"""All of an account: how logins are carried, what happened, mailed tokens, second factors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

_LOGIN_RULES = {
    "carrier": "carrier IN ('cookie', 'jwt', 'token')",
    "scope": "scope IN ('read', 'write')",
    "named_token": "(carrier = 'token') = (name IS NOT NULL)",
    "ends": "carrier = 'token' OR expires_at IS NOT NULL",
}
_LOGIN_COLUMNS = ("device", "address", "name", "scope", "carrier")
_USER_COLUMNS = ("deleted_at", "confirmed_at", "unconfirmed_email")


def upgrade() -> None:
    _extend_people()
    _extend_logins()
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _owner(),
        sa.Column("name", sa.String, nullable=False),
        _now("at"),
        sa.Column("login_id", sa.BigInteger),
        sa.Column("address", sa.String),
        sa.Column("device", sa.String),
        sa.Column("details", JSONB, server_default="{}", nullable=False),
        _belongs("activities"),
    )
    op.create_index("ix_activities_user_id", "activities", ["user_id", "at", "id"])
    op.create_index("ix_activities_at", "activities", ["at"], postgresql_using="brin")
    op.create_table(
        "mailed_tokens",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _owner(),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        _now("created_at"),
        sa.Column("expires_at", sa.DateTime(True), nullable=False),
        sa.UniqueConstraint("digest", name="uq_mailed_tokens_digest"),
        sa.CheckConstraint("purpose IN ('password', 'confirmation', 'unlock')", "purpose"),
        _belongs("mailed_tokens"),
    )
    op.create_index(
        "uq_mailed_tokens_user_id_purpose", "mailed_tokens", ["user_id", "purpose"], unique=True
    )
    op.create_table(
        "second_factors",
        _owner(primary_key=True),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("last_step", sa.BigInteger, server_default="0", nullable=False),
        _now("created_at"),
        sa.Column("enabled_at", sa.DateTime(True)),
        _belongs("second_factors"),
    )
    op.create_table(
        "recovery_codes",
        _owner(primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _belongs("recovery_codes"),
    )


def _extend_people() -> None:
    op.alter_column("users", "email", nullable=True)
    op.add_column("users", sa.Column("unconfirmed_email", sa.String))
    op.add_column("users", sa.Column("confirmed_at", sa.DateTime(True)))
    op.add_column("users", sa.Column("deleted_at", sa.DateTime(True)))
    op.create_index(
        "ix_users_unconfirmed_email",
        "users",
        [sa.text("lower(unconfirmed_email)")],
        postgresql_where=sa.text("unconfirmed_email IS NOT NULL"),
    )


def _extend_logins() -> None:
    carrier, scope = "cookie", "write"
    op.add_column("logins", sa.Column("carrier", sa.String, server_default=carrier, nullable=False))
    op.add_column("logins", sa.Column("scope", sa.String, server_default=scope, nullable=False))
    for name in ("name", "address", "device"):
        op.add_column("logins", sa.Column(name, sa.String))
    op.alter_column("logins", "last_seen_at", nullable=True, server_default=None)
    op.alter_column("logins", "expires_at", nullable=True)
    for name, rule in _LOGIN_RULES.items():
        op.create_check_constraint(name, "logins", rule)


def downgrade() -> None:
    for table in ("recovery_codes", "second_factors", "mailed_tokens", "activities"):
        op.drop_table(table)
    op.execute("DELETE FROM logins WHERE carrier <> 'cookie'")
    for name in _LOGIN_RULES:
        op.drop_constraint(f"ck_logins_{name}", "logins")
    op.alter_column("logins", "expires_at", nullable=False)
    op.execute("UPDATE logins SET last_seen_at = created_at WHERE last_seen_at IS NULL")
    op.alter_column("logins", "last_seen_at", nullable=False, server_default=sa.func.now())
    for name in _LOGIN_COLUMNS:
        op.drop_column("logins", name)
    # A closed account has no address; the column wants one again, and nobody can own this one.
    op.execute("UPDATE users SET email = 'deleted-' || id || '@invalid' WHERE email IS NULL")
    for name in _USER_COLUMNS:
        op.drop_column("users", name)
    op.alter_column("users", "email", nullable=False)


def _owner(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column("user_id", sa.BigInteger, primary_key=primary_key, nullable=False)


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_user_id"
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name, ondelete="CASCADE")


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(True), server_default=sa.func.now(), nullable=False)
