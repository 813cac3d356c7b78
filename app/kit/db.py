"""The way to Postgres: one unit of work for one request, job or command."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

import structlog
from asyncpg.exceptions import InterfaceError, PostgresError
from fastapi import Depends
from sqlalchemy import MetaData, Row, Select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from starlette.requests import Request

from app.kit import log
from app.kit.broker import Broker
from app.kit.errors import ChatFlowError, Invalid, Problem, Unavailable
from app.kit.events import Envelope, Event
from app.kit.settings import Settings

logger = structlog.get_logger()

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

# A row and a query of whatever columns.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


class Base(DeclarativeBase):
    """Every table. Constraints have names, so that migrations and errors can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


def database_url(text: str) -> URL:
    """Take the URL that hosting services hand out, and name our driver in it."""
    url = make_url(text)
    mode = url.query.get("sslmode")
    if mode is not None:  # libpq's name for what asyncpg calls `ssl`.
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.set(drivername="postgresql+asyncpg")


def connect(settings: Settings) -> AsyncEngine:
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
            # JIT compiles for longer than our short queries run.
            "server_settings": {"jit": "off", "application_name": "chatflow"}
            | {name: f"{int(seconds * 1000)}ms" for name, seconds in limits.items()},
        },
    )


def announce(session: AsyncSession, event: Event) -> None:
    """Leave news with the session: it enters the log with the commit, and then the bell rings."""
    session.info.setdefault("news", []).append(event)


def tell(session: AsyncSession, envelope: Envelope) -> None:
    """Ring, after the commit, for what the action's own statement has put into the log."""
    session.info.setdefault("told", []).append(envelope)


def single_statement(endpoint: Endpoint) -> Endpoint:
    """Declare that a route's action is one statement, and so a transaction of its own."""
    endpoint.is_single_statement = True  # type: ignore[attr-defined]
    return endpoint


_DATABASE_ERRORS = (SQLAlchemyError, PostgresError, InterfaceError, OSError)


class Database:
    """The only one who commits."""

    def __init__(self, bind: AsyncEngine | AsyncConnection, broker: Broker) -> None:
        """On a connection with a transaction of its own, as in tests, nothing leaves it."""
        self._broker = broker
        self._sessions = async_sessionmaker(
            bind, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        if isinstance(bind, AsyncEngine):
            bind = bind.execution_options(isolation_level="AUTOCOMMIT")
        self._autocommit = async_sessionmaker(
            bind, expire_on_commit=False, join_transaction_mode="rollback_only"
        )

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """Commits on the way out, then rings the doorbell; an exception rolls back.

        Raises: Unavailable when Postgres is away, too slow or full; Invalid when it cannot store
        a value that no schema refused.
        """
        try:
            async with self._sessions() as session:
                yield session
                news = session.info.get("news", [])
                envelopes = await log.append(session, news) if news else []
                await session.commit()
        except _DATABASE_ERRORS as error:
            raise _translate(error) from error
        self._ring(session.info.get("told", []) + envelopes)

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncSession]:
        """For questions, and for actions that are one statement: each is its own transaction.

        Under READ COMMITTED every statement sees the present anyway. What is saved are the round
        trips of BEGIN and COMMIT: two of the three that one question takes.
        Raises: as `unit_of_work`.
        """
        try:
            async with self._autocommit() as session:
                yield session
        except _DATABASE_ERRORS as error:
            raise _translate(error) from error
        assert "news" not in session.info, "announcing takes a unit of work"
        self._ring(session.info.get("told", []))

    def _ring(self, envelopes: list[Envelope]) -> None:
        if envelopes:
            self._broker.ring(envelopes)


# SQLSTATE classes, from the appendix of the Postgres manual: lost connections, rollbacks to be
# tried again, resources used up, objects not in the right state (locks, timeouts), operators'
# interventions (cancelled, shutting down, starting), and system errors.
_TRY_AGAIN = ("08", "40", "53", "55", "57", "58")
_BAD_VALUE = "22"


def _translate(error: Exception) -> Exception:
    """What an error of the database means for the one who asked."""
    if isinstance(error, PoolTimeout | OSError | InterfaceError):
        return _unavailable(error)
    if isinstance(error, IntegrityError):
        return error
    state = str(getattr(getattr(error, "orig", error), "sqlstate", "") or "")
    if state.startswith(_TRY_AGAIN) or getattr(error, "connection_invalidated", False):
        return _unavailable(error)
    if state.startswith(_BAD_VALUE) or _is_refused_by_driver(error):
        return Invalid({"base": [Problem("invalid", "a value cannot be stored")]})
    return error


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that refused."""
    return getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)


def _unavailable(error: Exception) -> ChatFlowError:
    logger.warning("database.unavailable", error=repr(error)[:500])
    return Unavailable()


def _is_refused_by_driver(error: Exception) -> bool:
    """asyncpg refuses numbers out of range and unpaired surrogates before Postgres sees them."""
    cause = getattr(error, "orig", None)
    return isinstance(error, DBAPIError) and isinstance(
        getattr(cause, "__cause__", None), ValueError | OverflowError
    )


async def _request_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Safe methods only ask."""
    database: Database = request.state.database
    is_question = request.method in ("GET", "HEAD", "OPTIONS")
    if is_question or getattr(request.scope["endpoint"], "is_single_statement", False):
        entering = database.autocommit()
    else:
        entering = database.unit_of_work()
    async with entering as session:
        yield session


# In FastAPI's default scope the commit would run after the answer had gone out: a failed commit
# would follow a 201 that the client already believes.
Session = Annotated[AsyncSession, Depends(_request_session, scope="function")]
