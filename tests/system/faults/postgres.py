"""What may happen to Postgres, and to the clock that it goes by."""

import asyncio
import signal

from app.cli.embedded import processes
from tests.system.scene import Scene
from tests.system.stage import Stage
from tests.system.waiting import until

_AWAY_SECONDS = 20
# Posts at once.
_CROWD = 60
_ANY_BACKEND = """
    SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1
"""


async def restart(stage: Stage, scene: Scene) -> None:
    """As `pg_ctl restart -m immediate`: nobody is waited for, and the log is replayed."""
    await stage.end(stage.postmaster, signal.SIGQUIT)
    await stage.revive()


async def kill_backend(stage: Stage, scene: Scene) -> None:
    """The postmaster then ends all the others too, since their shared memory may be damaged."""
    (victim,) = await stage.database.query(_ANY_BACKEND)
    await stage.end([victim["pid"]], signal.SIGKILL)


async def pause(stage: Stage, scene: Scene) -> None:
    pids = set(stage.postgres)
    processes.send(pids, signal.SIGSTOP)
    await asyncio.sleep(_AWAY_SECONDS)
    processes.send(pids, signal.SIGCONT)


async def exhaust_pool(stage: Stage, scene: Scene) -> None:
    """In every worker a statement waits for the same row, and more posts wait for those."""
    ledger = scene.room.ledger
    enough = ledger.refused + _CROWD
    async with asyncio.TaskGroup() as crowd, stage.database.locked(scene.room.topic):
        for _ in range(_CROWD):
            crowd.create_task(scene.room.poster().speak(messages=1))
        await until(lambda: ledger.refused >= enough)


async def jump_clock(stage: Stage, scene: Scene) -> None:
    """A day back, two days ahead, and back to the true time."""
    for days in (-1, 1, 0):
        await stage.set_clock(days)
        await scene.go_on()
