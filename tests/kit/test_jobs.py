"""Background jobs: in the transaction that causes them, again when they fail, never lost."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from pgqueuer import AsyncpgDriver
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.testing import capture_logs

from app.kit.jobs import Hopeless, Job, enqueue, running
from app.kit.jobs import House as Furniture
from app.kit.jobs.keeping import prune
from app.kit.jobs.queue import queries
from app.kit.postgres import connect
from app.kit.settings import Settings
from tests.factories import House
from tests.houses import changed
from tests.jobs import run_jobs
from tests.system.waiting import until

SECRET = "a word that is in no log"


class Diary:
    """A job that only remembers."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []

    async def __call__(self, house: Furniture, payload: dict[str, Any]) -> None:
        self.payloads.append(payload)


class Stumble:
    """A job that fails at first, in the words of what it was given."""

    def __init__(self, times: int, error: type[Exception] = LookupError) -> None:
        self.times_left = times
        self.error = error
        self.is_done = False

    async def __call__(self, house: Furniture, payload: dict[str, Any]) -> None:
        if self.times_left:
            self.times_left -= 1
            raise self.error(f"first line\n{payload}")
        self.is_done = True


class Gate:
    """A job that waits until it may go on."""

    def __init__(self) -> None:
        self.open = asyncio.Semaphore(0)
        self.inside = self.inside_at_most = self.done = 0

    async def __call__(self, house: Furniture, payload: dict[str, Any]) -> None:
        self.inside += 1
        self.inside_at_most = max(self.inside, self.inside_at_most)
        try:
            await self.open.acquire()
            self.done += 1
        finally:
            self.inside -= 1


@pytest.fixture(params=["house", "live_house"])
def any_house(request: pytest.FixtureRequest) -> House:
    """In a transaction that is rolled back, and in many that are committed."""
    house: House = request.getfixturevalue(request.param)
    return house


async def ask(house: House, question: str) -> list[tuple[Any, ...]]:
    async with house.session() as session:
        return [tuple(row) for row in await session.execute(text(question))]


async def put(house: House, name: str, *payloads: dict[str, Any]) -> None:
    async with house.session() as session:
        for payload in payloads or ({},):
            await enqueue(session, name, payload)


def runner(
    house: House, jobs: Mapping[str, Job], stop_seconds: float = 10, **settings: Any
) -> AbstractAsyncContextManager[None]:
    quick = {"job_pause_seconds": 0.01, "job_silence_max_seconds": 0.5} | settings
    changed: Settings = house.state["settings"].model_copy(update=quick)
    return running(house.state | {"settings": changed}, jobs, stop_seconds)


# In the transaction that causes them.


async def test_what_is_enqueued_runs_once(any_house: House) -> None:
    diary = Diary()
    await put(any_house, "remember", {"who": "Ünal", "ids": [1, 2]})

    assert await run_jobs(any_house, {"remember": diary}) == ["remember"]
    assert await run_jobs(any_house, {"remember": diary}) == []

    assert diary.payloads == [{"who": "Ünal", "ids": [1, 2]}]
    assert await ask(any_house, "SELECT * FROM pgqueuer") == []


async def test_what_is_rolled_back_was_never_enqueued(any_house: House) -> None:
    diary = Diary()
    with pytest.raises(LookupError):
        async with any_house.session() as session:
            await enqueue(session, "remember", {"n": 1})
            raise LookupError
    async with any_house.session() as session:
        with pytest.raises(LookupError):
            async with session.begin_nested():
                await enqueue(session, "remember", {"n": 2})
                raise LookupError
        await enqueue(session, "remember", {"n": 3})

    await run_jobs(any_house, {"remember": diary})

    assert diary.payloads == [{"n": 3}]


async def test_a_session_without_a_transaction_cannot_enqueue(house: House) -> None:
    with pytest.raises(AssertionError, match="unit of work"):
        async with house.database.autocommit() as session:
            await enqueue(session, "remember", {})


async def test_a_job_may_enqueue_another(any_house: House) -> None:
    diary = Diary()

    async def begin(furniture: Furniture, payload: dict[str, Any]) -> None:
        async with furniture["database"].unit_of_work() as session:
            await enqueue(session, "remember", payload)

    await put(any_house, "begin", {"n": 1})

    ran = await run_jobs(any_house, {"begin": begin, "remember": diary})

    assert ran == ["begin", "remember"]
    assert diary.payloads == [{"n": 1}]


async def test_a_test_notices_jobs_that_fail_or_that_nobody_knows(house: House) -> None:
    await put(house, "stumble")
    with pytest.raises(AssertionError, match="stumble failed: LookupError"):
        await run_jobs(house, {"stumble": Stumble(1)})

    await put(house, "remembre")
    with pytest.raises(AssertionError, match=r"nobody runs \['remembre'\]"):
        await run_jobs(house, {"remember": Diary()})


# Again when they fail.


async def test_pauses_grow_and_end(any_house: House) -> None:
    any_house.state["settings"] = any_house.state["settings"].model_copy(
        update={"job_attempts_max": 4, "job_pause_seconds": 100}
    )
    pauses = []
    stumble = Stumble(4)
    await put(any_house, "stumble")

    for _ in range(3):
        await run_jobs(any_house, {"stumble": stumble}, may_fail=True)
        ((pause,),) = await ask(
            any_house, "SELECT round(extract(epoch FROM execute_after - updated)) FROM pgqueuer"
        )
        pauses.append(pause)
        assert await run_jobs(any_house, {"stumble": stumble}) == [], "it is not due yet"
        await ask(any_house, "UPDATE pgqueuer SET execute_after = now() RETURNING 1")
    await run_jobs(any_house, {"stumble": stumble}, may_fail=True)

    assert pauses == [100, 300, 900]
    assert await ask(any_house, "SELECT entrypoint, status::text FROM pgqueuer") == [
        ("stumble", "failed")
    ]
    assert stumble.times_left == 0
    assert await run_jobs(any_house, {"stumble": stumble}) == []
    assert not stumble.is_done


@pytest.mark.parametrize(("error", "status"), [(Hopeless, "failed"), (LookupError, "queued")])
async def test_what_is_hopeless_is_not_tried_again(
    house: House, error: type[Exception], status: str
) -> None:
    await put(house, "stumble")

    await run_jobs(house, {"stumble": Stumble(1, error)}, may_fail=True)

    assert await ask(house, "SELECT status::text FROM pgqueuer") == [(status,)]


async def test_a_job_that_hangs_is_given_up(house: House) -> None:
    house.state["settings"] = house.state["settings"].model_copy(update={"job_max_seconds": 0.01})
    gate = Gate()
    await put(house, "wait")

    await run_jobs(house, {"wait": gate}, may_fail=True)

    assert (gate.inside, gate.done) == (0, 0)
    assert await ask(house, "SELECT status::text, attempts FROM pgqueuer") == [("queued", 1)]


async def test_what_a_job_was_given_is_in_no_log_and_no_record(
    live_house: House, settings: Settings
) -> None:
    stumble, diary = Stumble(2), Diary()
    jobs: dict[str, Job] = {"stumble": stumble, "never": Stumble(1, Hopeless), "remember": diary}
    for name in jobs:
        await put(live_house, name, {"word": SECRET})

    async with runner(live_house, jobs):
        await until(lambda: stumble.is_done and diary.payloads)

    assert settings.log_file
    log = settings.log_file.read_text()
    assert '"event": "job.done"' in log
    assert '"event": "job.again"' in log
    assert '"event": "job.failed"' in log
    assert "LookupError: first line" in log
    assert SECRET not in log
    record = await ask(live_house, "SELECT status::text, traceback::text FROM pgqueuer_log")
    assert {"successful", "failed"} <= {status for status, _ in record}
    assert SECRET not in str(record)
    assert "first line" not in str(record)


# By whoever runs them.


async def test_a_row_rings(live_house: House) -> None:
    """The next look into the queue would be in an hour."""
    diary = Diary()
    async with runner(live_house, {"remember": diary}, job_silence_max_seconds=3600):
        await put(live_house, "remember", {"n": 1})
        await until(lambda: diary.payloads == [{"n": 1}])
        await put(live_house, "remember", {"n": 2})
        await until(lambda: diary.payloads == [{"n": 1}, {"n": 2}])


async def test_two_that_run_jobs_share_them(live_house: House) -> None:
    one, other = Diary(), Diary()
    numbers = [{"n": n} for n in range(20)]
    async with runner(live_house, {"remember": one}), runner(live_house, {"remember": other}):
        await put(live_house, "remember", *numbers)
        await until(lambda: len(one.payloads + other.payloads) >= len(numbers))

    both = sorted(one.payloads + other.payloads, key=lambda payload: payload["n"])
    assert both == numbers


async def test_only_some_run_at_once(live_house: House) -> None:
    gate = Gate()
    await put(live_house, "wait", *[{}] * 5)
    async with runner(live_house, {"wait": gate}, jobs_at_once=2):
        for number in range(1, 6):
            await until(lambda: gate.inside)
            gate.open.release()
            await until(lambda number=number: gate.done == number)  # type: ignore[misc]

    assert gate.inside_at_most <= 2


async def test_a_job_that_failed_is_run_again(live_house: House) -> None:
    stumble = Stumble(3)
    async with runner(live_house, {"stumble": stumble}):
        await put(live_house, "stumble")
        await until(lambda: stumble.is_done)

    assert await ask(live_house, "SELECT * FROM pgqueuer") == []


async def test_what_has_begun_is_finished(live_house: House) -> None:
    gate = Gate()
    await put(live_house, "wait")
    async with runner(live_house, {"wait": gate}):
        await until(lambda: gate.inside)
        asyncio.get_running_loop().call_later(0.05, gate.open.release)

    assert gate.done == 1
    assert await ask(live_house, "SELECT * FROM pgqueuer") == []


async def test_what_cannot_be_finished_is_put_back(live_house: House) -> None:
    gate = Gate()
    await put(live_house, "wait")
    async with runner(live_house, {"wait": gate}, stop_seconds=0):
        await until(lambda: gate.inside)
    assert (gate.inside, gate.done) == (0, 0)
    assert await ask(live_house, "SELECT status::text FROM pgqueuer") == [("queued",)]

    gate.open.release()
    async with runner(live_house, {"wait": gate}):
        await until(lambda: gate.done == 1)


async def test_a_job_of_somebody_who_was_killed_is_run_again(live_house: House) -> None:
    """Whoever took it has given no sign of life for a minute."""
    diary = Diary()
    await put(live_house, "remember", {"n": 1})
    await ask(
        live_house,
        "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),"
        " heartbeat = now() - interval '1 minute' RETURNING 1",
    )

    async with runner(live_house, {"remember": diary}, job_silence_max_seconds=120):
        await put(live_house, "remember", {"n": 2})
        await until(lambda: {"n": 2} in diary.payloads)
        assert {"n": 1} not in diary.payloads, "it may still be at it"
    async with runner(live_house, {"remember": diary}, job_silence_max_seconds=30):
        await until(lambda: {"n": 1} in diary.payloads)


async def test_a_job_that_runs_for_long_is_not_taken_for_dead(live_house: House) -> None:
    gate = Gate()
    await put(live_house, "wait")
    beats = "SELECT count(*) FROM pgqueuer WHERE heartbeat > updated + interval '0.5 second'"
    async with runner(live_house, {"wait": gate}), runner(live_house, {"wait": gate}):
        await until(lambda: gate.inside)
        while await ask(live_house, beats) == [(0,)]:
            await asyncio.sleep(0.05)
        gate.open.release()

    assert gate.inside_at_most == gate.done == 1


async def test_a_lost_connection_is_made_anew(live_house: House) -> None:
    diary = Diary()
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        " AND query LIKE '%FROM pgqueuer%'"  # What the one who runs jobs has asked last.
    )
    async with runner(live_house, {"remember": diary}, job_silence_max_seconds=3600):
        await put(live_house, "remember", {"n": 1})
        await until(lambda: diary.payloads)

        assert (True,) in await ask(live_house, cut)
        await put(live_house, "remember", {"n": 2})
        await until(lambda: {"n": 2} in diary.payloads)


async def test_a_retry_that_cannot_be_written_down_is_no_failure(
    live_house: House, settings: Settings, engine: AsyncEngine
) -> None:
    """Somebody holds a lock on the row: what then happens is what happens to the killed."""
    hasty = connect(changed(settings, database_lock_timeout_seconds=0.05))
    live_house.state["engine"] = hasty
    attempts: list[AsyncConnection] = []

    async def lock_and_stumble(house: Furniture, payload: dict[str, Any]) -> None:
        attempts.append(await engine.connect())
        if len(attempts) == 1:
            await attempts[0].execute(text("SELECT FROM pgqueuer FOR UPDATE"))
            raise LookupError

    with capture_logs() as logs:
        async with runner(live_house, {"stumble": lock_and_stumble}):
            await put(live_house, "stumble")
            await until(lambda: "job.abandoned" in [line["event"] for line in logs])
            await attempts[0].rollback()
            await until(lambda: len(attempts) == 2)
    for attempt in attempts:
        await attempt.close()
    await hasty.dispose()

    assert await ask(live_house, "SELECT * FROM pgqueuer") == []


# How long they are remembered.


async def test_failures_and_the_record_are_forgotten_in_time(house: House) -> None:
    await put(house, "never", {"word": SECRET})
    await run_jobs(house, {"never": Stumble(1, Hopeless)}, may_fail=True)
    await put(house, "later")
    count = "SELECT (SELECT count(*) FROM pgqueuer), (SELECT count(*) FROM pgqueuer_log)"
    before = await ask(house, count)

    async with house.session() as session:
        await prune(session, 7)
    assert await ask(house, count) == before

    await ask(house, "UPDATE pgqueuer SET updated = updated - interval '8 days' RETURNING 1")
    await ask(house, "UPDATE pgqueuer_log SET created = created - interval '8 days' RETURNING 1")
    async with house.session() as session:
        await prune(session, 7)
    assert await ask(house, "SELECT entrypoint FROM pgqueuer") == [("later",)]
    assert await ask(house, "SELECT * FROM pgqueuer_log") == []


async def test_the_tables_are_those_that_the_library_wants(engine: AsyncEngine) -> None:
    """If not, a newer PgQueuer asks for a migration: `pgq upgrade --plan` tells which."""
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        plan = await queries(AsyncpgDriver(raw)).plan_upgrade()

    assert plan.statements == ()
