"""Bringing the database up to date, and telling whether it is."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

# ChatFlow runs from its source tree: the migrations lie beside the application.
_ALEMBIC_INI = Path(__file__).parents[2] / "alembic.ini"


def _config() -> Config:
    return Config(_ALEMBIC_INI)


@cache
def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    await _run(engine, lambda config: command.upgrade(config, revision))


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    await _run(engine, lambda config: command.downgrade(config, revision))


async def check(engine: AsyncEngine) -> None:
    """Raises: alembic's CommandError when the tables and the models differ."""
    await _run(engine, command.check)


async def _run(engine: AsyncEngine, step: Callable[[Config], None]) -> None:
    config = _config()

    def migrate(connection: Connection) -> None:
        config.attributes["connection"] = connection
        step(config)

    async with engine.begin() as connection:
        await connection.run_sync(migrate)
