"""The queue, as seen from a transaction."""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver
from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

# Said in full, because PgQueuer would otherwise read them from variables as common as `CHANNEL`.
NAMES = DBSettings(
    prefix="",
    db_schema=None,
    channel="ch_pgqueuer",
    function="fn_pgqueuer_changed",
    trigger="tg_pgqueuer_changed",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    schedules_table="pgqueuer_schedules",
    statistics_table="pgqueuer_statistics",
)


async def enqueue(session: AsyncSession, name: str, payload: Mapping[str, Any]) -> None:
    """Have a job run after the commit; rolled back, it was never there.

    Shape: `payload` becomes JSON. It lies in the table until the job is done: no secret belongs in.
    """
    session.info.setdefault("jobs", []).append(name)
    await queries_of(session).enqueue(name, orjson.dumps(payload))


def queries_of(session: AsyncSession) -> Queries:
    return queries(cast(Driver, _InSession(session)))


def queries(driver: Driver) -> Queries:
    return Queries(
        driver,
        QueryBuilderEnvironment(NAMES),
        QueryQueueBuilder(NAMES),
        QuerySchedulerBuilder(NAMES),
    )


class _InSession:
    """Of a driver, what questions need: it neither listens nor closes.

    Not the session's connection itself: SQLAlchemy begins the transaction with the first
    statement that it is given, and one given past it would be committed at once.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        connection = await self._session.connection()
        result = await connection.exec_driver_sql(query, args)
        return [dict(row) for row in result.mappings()]

    async def execute(self, query: str, *args: object) -> str:
        connection = await self._session.connection()
        await connection.exec_driver_sql(query, args)
        return ""
