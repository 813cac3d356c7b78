"""What may happen to the workers."""

import asyncio
import signal

from tests.system.raw import RawPost
from tests.system.scene import Scene
from tests.system.stage import Stage
from tests.system.waiting import until
from tests.system.witness import witness_elsewhere

_CROWD = 20


async def kill_all(stage: Stage, scene: Scene) -> None:
    for worker in stage.workers:
        await stage.end([worker], signal.SIGKILL)
        await scene.go_on()


async def kill_between_commit_and_bell(stage: Stage, scene: Scene) -> None:
    """Who answered never rings, and those who listen elsewhere hear of it all the same.

    The cable is silent, so nothing can be published; and cut before it speaks again, so that what
    was under way in it is gone with the worker.
    """
    draft = {"body": "the last words of a worker", "client_id": "last words"}
    async with RawPost.by(scene.room.speaker, draft) as post:
        worker = await stage.worker_behind(post.port)
        async with witness_elsewhere(stage, scene.room.listener, worker) as witness:
            stage.cable.fall_silent()
            await post.send(post.bytes)
            message = await post.message()
            await stage.end([worker], signal.SIGKILL)
            scene.room.ledger.acknowledge(message)
            await witness.hears(message)
    stage.cable.cut()
    stage.cable.speak_again()
    await scene.bell_rings()


async def replace(stage: Stage, scene: Scene) -> None:
    """A rolling restart. In a crowd, somebody always has a request under way to who leaves."""
    await until(lambda: len(stage.workers) == 2)
    before = stage.workers
    async with asyncio.TaskGroup() as tasks:
        crowd = [scene.outside.poster() for _ in range(_CROWD)]
        for poster in crowd:
            tasks.create_task(poster.speak())
        stage.server.process.send_signal(signal.SIGHUP)
        await until(lambda: len(stage.workers - before) == 2 and not stage.workers & before)
        for poster in crowd:
            poster.is_over = True
