"""What the commands do with the database, before the workers serve it and beside them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.cli.embedded import CannotStart
from app.kit import log
from app.kit.broker import MemoryBroker
from app.kit.db import Database
from app.kit.errors import ChatFlowError
from app.kit.migrations import current_revision, newest_revision, upgrade
from app.kit.postgres import connect
from app.kit.settings import Settings

logger = structlog.get_logger()


def prepare(settings: Settings) -> None:
    """Before anything runs on it: in production nobody migrates by the way.

    Raises: CannotStart
    """
    asyncio.run(refuse_pending(settings) if settings.is_production else migrate(settings))


async def migrate(settings: Settings) -> None:
    """Bring it up to date.

    Raises: CannotStart
    """
    async with _engine(settings) as engine:
        if await _is_behind(engine):
            await upgrade(engine)
            logger.info("database.migrated", revision=newest_revision())


async def refuse_pending(settings: Settings) -> None:
    """Raises: CannotStart when there are migrations to be run."""
    async with _engine(settings) as engine:
        if await _is_behind(engine):
            raise CannotStart("The database is not up to date: run `chatflow migrate` first.")


async def renew_epoch(settings: Settings) -> None:
    """Declare the data replaced.

    Raises: CannotStart
    """
    await refuse_pending(settings)
    async with unit_of_work(settings) as session:
        await log.renew_epoch(session)


@asynccontextmanager
async def unit_of_work(settings: Settings) -> AsyncIterator[AsyncSession]:
    """Nobody rings: those who listen in the workers find the news in the log within a second.

    Raises: CannotStart
    """
    async with (
        _engine(settings) as engine,
        Database(engine, MemoryBroker()).unit_of_work() as session,
    ):
        yield session


async def _is_behind(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return await connection.run_sync(current_revision) != newest_revision()


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = _connect(settings)
    try:
        yield engine
    except (OSError, SQLAlchemyError, PostgresError, InterfaceError, ChatFlowError) as error:
        raise CannotStart(f"The database cannot be used: {_reason(error)}.") from error
    finally:
        await engine.dispose()


def _connect(settings: Settings) -> AsyncEngine:
    try:
        return connect(settings, patient=True)
    except (SQLAlchemyError, ValueError):
        # Their words may contain a piece of the password.
        raise CannotStart("DATABASE_URL is not the URL of a Postgres database.") from None


def _reason(error: BaseException) -> str:
    """In the words of the system or of Postgres, whose values may follow in further lines."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error).partition("\n")[0] or type(error).__name__
