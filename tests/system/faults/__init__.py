"""Whatever may happen to the servers: a name, and what is done. The scene goes on meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.system.faults import clients, postgres, valkey, workers
from tests.system.scene import Scene
from tests.system.stage import Stage


@dataclass(frozen=True)
class Fault:
    """Unless `posts_fail`, not a single POST may break or be refused meanwhile."""

    strike: Callable[[Stage, Scene], Awaitable[None]]
    posts_fail: bool = False
    needs_clock: bool = False


async def nothing(stage: Stage, scene: Scene) -> None:
    await scene.bell_rings()


FAULTS = {
    "nothing happens": Fault(nothing),
    "Valkey is flushed": Fault(valkey.flush),
    "Valkey's connections are cut": Fault(valkey.cut),
    "Valkey's connections are half-open": Fault(valkey.half_open),
    "Valkey cannot be reached": Fault(valkey.unreachable),
    "Valkey is restarted": Fault(valkey.restart),
    "Valkey is killed and comes back": Fault(valkey.kill),
    "Valkey is stopped for 10 s": Fault(valkey.stop),
    "clients reset in mid-POST": Fault(clients.reset_in_mid_post),
    "the workers are replaced": Fault(workers.replace),
    "the clock jumps": Fault(postgres.jump_clock, needs_clock=True),
    "every worker is killed": Fault(workers.kill_all, posts_fail=True),
    "a worker dies between commit and bell": Fault(
        workers.kill_between_commit_and_bell, posts_fail=True
    ),
    "a backend of Postgres is killed": Fault(postgres.kill_backend, posts_fail=True),
    "Postgres is restarted at once": Fault(postgres.restart, posts_fail=True),
    "the pool is exhausted": Fault(postgres.exhaust_pool, posts_fail=True),
    "Postgres is paused for 20 s": Fault(postgres.pause, posts_fail=True),
}
