"""Running what was enqueued, one job after another, in the test's own transaction."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as Row
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.types import QueueEntrypoint, QueueManagerId
from sqlalchemy import text

from app.jobs import JOBS
from app.kit.jobs import Attempts, Failed, Job, queries_of
from tests.factories import House

# In the transaction of a test `now()` stands still, and the queue takes what was due before it.
_MAKE_DUE = text("""
    UPDATE pgqueuer SET execute_after = now() - interval '1 second' WHERE execute_after = now()
""")
_ME = QueueManagerId(uuid4())


async def run_jobs(
    house: House, jobs: Mapping[str, Job] = JOBS, *, may_fail: bool = False
) -> list[str]:
    """Run all that is due, with what it enqueues meanwhile. Answers the names, in order.

    A job that fails fails the test, unless it may: then it is kept for later, or for good, as
    always. So does one whose name nobody knows.
    """
    ran: list[str] = []
    while row := await _take(house, jobs):
        ran.append(row.entrypoint)
        error = await _attempt(house, jobs, row)
        assert may_fail or error is None, f"{row.entrypoint} failed: {error}; see the log"
    waiting = await _names_of_those_due(house)
    assert not waiting, f"nobody runs {waiting}"
    return ran


async def _take(house: House, jobs: Mapping[str, Job]) -> Row | None:
    names = {QueueEntrypoint(name): EntrypointExecutionParameter(0) for name in jobs}
    async with house.session() as session:
        await session.execute(_MAKE_DUE)
        rows = await queries_of(session).dequeue(1, names, _ME, None, timedelta(hours=1))
    return rows[0] if rows else None


async def _attempt(house: House, jobs: Mapping[str, Job], row: Row) -> Exception | None:
    try:
        await Attempts(house.state, jobs).make(row)
    except RetryRequested as retry:
        async with house.session() as session:
            await queries_of(session).retry_job(row, retry.delay, None)
        return retry
    except Failed as failure:
        async with house.session() as session:
            await queries_of(session).log_jobs([(row, "failed", None)])
        return failure
    async with house.session() as session:
        await queries_of(session).log_jobs([(row, "successful", None)])
    return None


async def _names_of_those_due(house: House) -> list[str]:
    due = text("SELECT entrypoint FROM pgqueuer WHERE status = 'queued' AND execute_after <= now()")
    async with house.session() as session:
        return list((await session.execute(due)).scalars())
