"""Running jobs, through every outage of Postgres."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from pgqueuer import AsyncpgDriver, QueueManager
from pgqueuer.core.buffers import JobStatusLogBuffer
from pgqueuer.core.executors import AbstractEntrypointExecutor
from pgqueuer.models import Job as Row
from pgqueuer.types import Channel
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.chores import every, stop
from app.kit.db import Database
from app.kit.jobs.attempts import Attempts, Failed, House, Job
from app.kit.jobs.keeping import prune
from app.kit.jobs.queue import NAMES, queries
from app.kit.logs import brief
from app.kit.settings import Settings

logger = structlog.get_logger()

_RECONNECT_SECONDS = 1
_PRUNE_EVERY_SECONDS = 60


@asynccontextmanager
async def running(
    house: House, jobs: Mapping[str, Job], stop_seconds: float
) -> AsyncIterator[None]:
    """Run jobs beside the block. At its end those that have begun may finish, for so long; what
    then still runs is interrupted, and put back into the queue."""
    runner = _Runner(house, jobs)
    prune_old = partial(_prune, house["database"], house["settings"].job_retention_days)
    tasks = [
        asyncio.create_task(runner.run()),
        asyncio.create_task(every(_PRUNE_EVERY_SECONDS, prune_old)),
    ]
    try:
        yield
    finally:
        logger.info("jobs.leaving")
        runner.stop()
        await asyncio.wait(tasks[:1], timeout=stop_seconds)
        await stop(tasks)


async def _prune(database: Database, older_than_days: int) -> None:
    async with database.unit_of_work() as session:
        await prune(session, older_than_days)


class _Runner:
    def __init__(self, house: House, jobs: Mapping[str, Job]) -> None:
        self._engine: AsyncEngine = house["engine"]
        self._settings: Settings = house["settings"]
        self._attempts = Attempts(house, jobs)
        self._names = tuple(jobs)
        self._stopped = asyncio.Event()
        self._queue: _Queue | None = None

    def stop(self) -> None:
        self._stopped.set()
        if self._queue:
            self._queue.shutdown.set()

    async def run(self) -> None:
        logger.info("jobs.started", at_once=self._settings.jobs_at_once)
        while not self._stopped.is_set():
            try:
                await self._run_connected()
            except Exception as error:
                logger.warning("jobs.disconnected", error=brief(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), _RECONNECT_SECONDS)
        logger.info("jobs.stopped")

    async def _run_connected(self) -> None:
        """Until it is stopped or the connection is lost, and what has begun is finished."""
        async with self._engine.connect() as lent:
            connection = (await lent.get_raw_connection()).driver_connection
            assert connection is not None
            try:
                self._queue = self._connect_queue(connection)
                if not self._stopped.is_set():
                    await self._work(self._queue)
            finally:
                await lent.invalidate()  # It listens: nobody else may be lent it.

    def _connect_queue(self, connection: Any) -> "_Queue":
        queue = _Queue(queries(AsyncpgDriver(connection)), Channel(NAMES.channel))
        # A loss is noticed at once, and not at the next look into the queue.
        connection.add_termination_listener(lambda _: queue.shutdown.set())
        for name in self._names:
            queue.entrypoint(name, on_failure="hold")(self._attempts.make)
        return queue

    async def _work(self, queue: "_Queue") -> None:
        """A row rings when it is inserted; the slow look is for what nobody rings for: rows of
        somebody who was killed."""
        silence = timedelta(seconds=self._settings.job_silence_max_seconds)
        await queue.run(
            dequeue_timeout=silence,
            heartbeat_timeout=silence,
            batch_size=self._settings.jobs_at_once // 2,  # PgQueuer wants it to be half at most.
            max_concurrent_tasks=self._settings.jobs_at_once,
            shutdown_on_listener_failure=True,
            log_aggregation_interval=timedelta(0),  # Nobody reads its statistics.
        )


class _Queue(QueueManager):
    """PgQueuer's, which would also fail a job for good when its retry could not be written, and
    keep the text of its error."""

    async def log_failure(
        self,
        job: Row,
        executor: AbstractEntrypointExecutor,
        exc: Exception,
        jbuff: JobStatusLogBuffer,
    ) -> None:
        if isinstance(exc, Failed):
            await jbuff.add((job, "failed", None))
        else:  # It looks as if we had been killed, and so is run again.
            logger.warning("job.abandoned", job=job.entrypoint, job_id=job.id, error=brief(exc))
