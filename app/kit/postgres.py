"""Connecting to Postgres, and what its errors mean for the one who asked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from asyncpg import Connection
from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection

from app.kit.errors import ChatFlowError, Invalid, Problem, Unavailable
from app.kit.logs import brief
from app.kit.settings import Settings

logger = structlog.get_logger()

ERRORS = (SQLAlchemyError, PostgresError, InterfaceError, OSError)


def database_url(text: str) -> URL:
    """Take the URL that hosting services hand out, and name our driver in it."""
    url = make_url(text)
    mode = url.query.get("sslmode")
    if mode is not None:  # libpq's name for what asyncpg calls `ssl`.
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.set(drivername="postgresql+asyncpg")


# JIT compiles for longer than our short queries run. And what is asked for all the time is in
# memory: by the default, which is that of spinning disks, somebody's thousand conversations are
# looked for among all that there are.
_PLANNING = {"jit": "off", "random_page_cost": "1.1"}


def connect(settings: Settings, *, patient: bool = False) -> AsyncEngine:
    """`patient` is for migrations: a statement may take as long as it takes."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is not set")
    idle_seconds = settings.database_idle_in_transaction_timeout_seconds
    limits = {
        "statement_timeout": settings.database_statement_timeout_seconds,
        "lock_timeout": settings.database_lock_timeout_seconds,
        "idle_in_transaction_session_timeout": idle_seconds,
    }
    return create_async_engine(
        database_url(settings.database_url.get_secret_value()),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        hide_parameters=True,  # An error's text is logged, and must not hold what people wrote.
        pool_timeout=settings.database_pool_timeout_seconds,
        connect_args={
            "timeout": settings.database_connect_timeout_seconds,
            # For a server that does not answer at all, and so keeps no time of its own.
            "command_timeout": None if patient else settings.database_silence_max_seconds,
            "server_settings": _PLANNING
            | {"application_name": "chatflow"}
            | {name: f"{int(seconds * 1000)}ms" for name, seconds in limits.items()},
        },
    )


async def ask_driver(
    bind: AsyncEngine | AsyncConnection, sql: str, values: Sequence[object]
) -> Sequence[Any]:
    """Ask the driver itself, on a connection of the engine's pool, where there is one.

    It is in no transaction, unless SQLAlchemy has begun one on a connection that it was given.
    """
    if isinstance(bind, AsyncConnection):
        given: Connection = (await bind.get_raw_connection()).driver_connection
        return list(await given.fetch(sql, *values))
    pooled = await _lend(bind)
    driver: Connection = pooled.driver_connection
    try:
        return list(await driver.fetch(sql, *values))
    finally:
        if driver.is_closed():  # Nobody else would notice, and the next would be lent it again.
            pooled.invalidate()
        pooled.close()


async def _lend(engine: AsyncEngine) -> PoolProxiedConnection:
    """Raises: Unavailable where there is none to be had. What its own connections make of that,
    SQLAlchemy does not make of it here.
    """
    try:
        return await engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _unavailable(error) from error


# SQLSTATE classes, from the appendix of the Postgres manual: lost connections, rollbacks to be
# tried again, resources used up, objects not in the right state (locks, timeouts), operators'
# interventions (cancelled, shutting down, starting), and system errors.
_TRY_AGAIN = ("08", "40", "53", "55", "57", "58")
_BAD_VALUE = "22"


@contextmanager
def translated() -> Iterator[None]:
    """Raises: what an error of the database means for the one who asked."""
    try:
        yield
    except ERRORS as error:
        meaning = _meaning(error)
        if meaning is error:
            raise  # "From itself" it would be its own cause: whoever follows those never arrives.
        raise meaning from error


def _meaning(error: Exception) -> Exception:
    if _is_refused_by_driver(error):
        return _bad_value()
    if isinstance(error, PoolTimeout | OSError | InterfaceError):
        return _unavailable(error)
    if isinstance(error, IntegrityError):
        return error
    state = str(getattr(getattr(error, "orig", error), "sqlstate", "") or "")
    if state.startswith(_TRY_AGAIN) or getattr(error, "connection_invalidated", False):
        return _unavailable(error)
    if state.startswith(_BAD_VALUE):
        return _bad_value()
    return error


def _bad_value() -> ChatFlowError:
    return Invalid({"base": [Problem("invalid", "a value cannot be stored")]})


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that refused."""
    return getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)


def _unavailable(error: Exception) -> ChatFlowError:
    logger.warning("database.unavailable", error=brief(error))
    return Unavailable()


def _is_refused_by_driver(error: Exception) -> bool:
    """asyncpg refuses numbers out of range and unpaired surrogates before Postgres sees them."""
    if isinstance(error, DBAPIError):
        cause = getattr(error.orig, "__cause__", None)
        return isinstance(cause, ValueError | OverflowError)
    return isinstance(error, InterfaceError) and isinstance(error, ValueError)
