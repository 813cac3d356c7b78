"""The process that runs background jobs: `chatflow worker`."""

import asyncio
import socket

from app.house import furnished
from app.jobs import JOBS
from app.kit.chores import stop
from app.kit.jobs import running
from app.kit.settings import Settings

# Below what Docker, and whoever else stops us, waits before it kills.
_LAST_JOBS_SECONDS = 8


async def work(settings: Settings, told_to_stop: socket.socket) -> None:
    """Until something arrives on the socket."""
    async with furnished(settings) as house:
        bells = [asyncio.create_task(loop) for loop in house["broker"].loops()]
        async with running(house, JOBS, stop_seconds=_LAST_JOBS_SECONDS):
            await asyncio.get_running_loop().sock_recv(told_to_stop, 1)
        await stop(bells)
