"""How alembic reaches the database: by the URL of the settings, or a connection it is handed."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

import app.models  # noqa: F401  The tables that autogenerate compares with.
from app.kit.db import Base
from app.kit.postgres import connect
from app.kit.settings import Settings

# Two deployments that migrate at once take turns; the number is arbitrary.
_MIGRATION_LOCK = 7_284_014_461


# Postgres writes this index's expression back in other words than ours, and alembic would take it
# for another index.
_REWORDED = {"ix_users_words"}
# The tables of the library that keeps our jobs are no models of ours.
_JOBS = "pgqueuer"


def _is_compared(_object: object, name: str | None, *_: object) -> bool:
    return name not in _REWORDED and not (name or "").startswith(_JOBS)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        include_object=_is_compared,
    )
    with context.begin_transaction():
        # An index on a large table takes longer than a request may.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        context.run_migrations()


async def migrate_by_url() -> None:
    engine = connect(Settings(), patient=True)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


if (connection := context.config.attributes.get("connection")) is not None:
    migrate(connection)
else:
    asyncio.run(migrate_by_url())
