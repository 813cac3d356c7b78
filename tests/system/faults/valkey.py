"""What may happen to Valkey, and to the way there."""

import asyncio
import signal

from app.cli.embedded import processes
from tests.system.scene import Scene
from tests.system.stage import Stage

_AWAY_SECONDS = 10


async def flush(stage: Stage, scene: Scene) -> None:
    await stage.redis.flushall()


async def stop(stage: Stage, scene: Scene) -> None:
    pids = stage.valkey
    processes.send(pids, signal.SIGSTOP)
    await asyncio.sleep(_AWAY_SECONDS)
    await scene.everybody_has_everything()
    processes.send(pids, signal.SIGCONT)
    await scene.bell_rings()


async def restart(stage: Stage, scene: Scene) -> None:
    await stage.end(stage.valkey, signal.SIGTERM)
    await stage.revive()
    await scene.bell_rings()


async def kill(stage: Stage, scene: Scene) -> None:
    await stage.end(stage.valkey, signal.SIGKILL)
    await scene.go_on()
    await scene.everybody_has_everything()
    await stage.revive()
    await scene.bell_rings()


async def unreachable(stage: Stage, scene: Scene) -> None:
    """Where Valkey should be, nobody listens."""
    await stage.cable.pull_out()
    await scene.go_on()
    await scene.everybody_has_everything()
    await stage.cable.plug_in()
    await scene.bell_rings()


async def cut(stage: Stage, scene: Scene) -> None:
    stage.cable.cut()
    await scene.bell_rings()


async def half_open(stage: Stage, scene: Scene) -> None:
    """Nobody is told that the connections are dead."""
    stage.cable.fall_silent()
    stage.cable.speak_again()
    await scene.go_on()
    await scene.bell_rings()
