"""The way to Postgres: one unit of work for one request, job or command."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import Depends
from sqlalchemy import MetaData, Row, Select, func, select
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
)
from sqlalchemy.orm import DeclarativeBase
from starlette.requests import Request

from app.kit import log
from app.kit.broker import Broker
from app.kit.errors import ChatFlowError
from app.kit.events import Envelope, Event
from app.kit.postgres import ask_driver, translated

logger = structlog.get_logger()

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

# The name of an event in the log of the process, and its facts.
Note = tuple[str, dict[str, Any]]

# A row and a query of whatever columns.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

# Asks one question: its SQL with $1, $2, ..., and their values. Shape of a row: a tuple.
Fetch = Callable[..., Awaitable[Sequence[Any]]]


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


def announce(session: AsyncSession, event: Event) -> None:
    """Leave news with the session: it enters the log with the commit, and then the bell rings."""
    session.info.setdefault("news", []).append(event)


def tell(session: AsyncSession, envelope: Envelope) -> None:
    """Ring, after the commit, for what the action's own statement has put into the log."""
    session.info.setdefault("told", []).append(envelope)


def note(session: AsyncSession, event: str, **facts: Any) -> None:
    """Leave a line with the session: it is logged after the commit, so it says what is so."""
    session.info.setdefault("notes", []).append((event, facts))


def keep(session: AsyncSession, row: Base, event: str, **facts: Any) -> None:
    """Leave a row and its line that stay even when an error of ours rolls everything else back.

    They are for what was refused: somebody who guesses must leave a trace.
    """
    session.info.setdefault("kept", []).append((row, (event, facts)))


def in_transaction(endpoint: Endpoint) -> Endpoint:
    """Declare that a route which only asks does so in a transaction: its limits end with that."""
    endpoint.is_in_transaction = True  # type: ignore[attr-defined]
    return endpoint


def fetching(session: AsyncSession) -> Fetch:
    """As `Database.fetch`, in the session's own transaction: it sees what was written in it."""
    return partial(_fetch_in, session)


async def _fetch_in(session: AsyncSession, sql: str, *values: object) -> Sequence[Any]:
    connection = await session.connection()
    return (await connection.exec_driver_sql(sql, values)).all()


async def limit_statements(session: AsyncSession, seconds: float) -> None:
    """From here to the end of the transaction, what takes longer is Unavailable."""
    limit = func.set_config("statement_timeout", f"{int(seconds * 1000)}ms", True)
    await session.execute(select(limit))


class Database:
    """The only one who commits."""

    def __init__(self, bind: AsyncEngine | AsyncConnection, broker: Broker) -> None:
        """On a connection with a transaction of its own, as in tests, nothing leaves it."""
        self._broker = broker
        self._bind = bind
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
        """Commits on the way out, then logs and rings the doorbell; an exception rolls back all but
        what is kept.

        Raises: Unavailable when Postgres is away, too slow or full; Invalid when it cannot store
        a value that no schema refused.
        """
        with translated():
            async with self._sessions() as session:
                try:
                    yield session
                except ChatFlowError:
                    await session.rollback()
                    await self._commit(session, notes=[])
                    raise
                news = session.info.get("news", [])
                envelopes = await log.append(session, news) if news else []
                await self._commit(session, session.info.get("notes", []))
        self.ring(session.info.get("told", []) + envelopes)

    async def _commit(self, session: AsyncSession, notes: list[Note]) -> None:
        """With what is kept in any case."""
        kept = session.info.get("kept", [])
        session.add_all(row for row, _ in kept)
        await session.commit()
        for event, facts in [*notes, *(line for _, line in kept)]:
            logger.info(event, **facts)

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncSession]:
        """For questions, and for actions that are one statement: each is its own transaction.

        Under READ COMMITTED every statement sees the present anyway. What is saved are the round
        trips of BEGIN and COMMIT: two of the three that one question takes.
        Raises: as `unit_of_work`.
        """
        with translated():
            async with self._autocommit() as session:
                yield session
        assert not session.info.keys() & {"news", "notes", "kept", "jobs"}, (
            "what follows takes a unit of work"
        )
        self.ring(session.info.get("told", []))

    async def fetch(self, sql: str, *values: object) -> Sequence[Any]:
        """Ask one question past the sessions: they and the ORM take twice as long as the driver
        (290 us of 400, measured), and most answers are one question.

        It sees what was committed, as in `autocommit`, and nothing of a session that is open.
        Raises: as `unit_of_work`.
        """
        with translated():
            return await ask_driver(self._bind, sql, values)

    def ring(self, envelopes: list[Envelope]) -> None:
        """For what a statement has put into the log, past the sessions, and committed by itself."""
        if envelopes:
            self._broker.ring(envelopes)


async def _request_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Safe methods only ask."""
    database: Database = request.state.database
    endpoint = request.scope["endpoint"]
    is_question = request.method in ("GET", "HEAD", "OPTIONS")
    asks = is_question and not getattr(endpoint, "is_in_transaction", False)
    async with database.autocommit() if asks else database.unit_of_work() as session:
        yield session


# In FastAPI's default scope the commit would run after the answer had gone out: a failed commit
# would follow a 201 that the client already believes.
Session = Annotated[AsyncSession, Depends(_request_session, scope="function")]
