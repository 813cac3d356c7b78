"""Where it is played: two workers, on a Postgres and a Valkey that may be hurt."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from redis.asyncio import Redis

from app.cli.embedded import processes
from tests.cli.running import Server, serve
from tests.system.cable import Cable
from tests.system.connections import inode_of, open_files
from tests.system.database import Database
from tests.system.house import House
from tests.system.waiting import LOOK_SECONDS, until

_DAY = timedelta(days=1)


class Stage:
    """`redis` and `database` go straight to the servers, past the cable and the workers."""

    def __init__(self, house: House, cable: Cable, server: Server) -> None:
        assert house.servers.redis_url is not None
        self.house, self.cable, self.server = house, cable, server
        self.address = f"127.0.0.1:{server.port}"
        self.database = Database(house.servers.database_url or "")
        self.redis = Redis.from_url(house.servers.redis_url)

    # Processes.

    @property
    def workers(self) -> set[int]:
        return self.server.workers()

    @property
    def valkey(self) -> set[int]:
        (pid,) = self._living("valkey", "valkey-server", "redis-server")
        return {pid}

    @property
    def postgres(self) -> dict[int, int]:
        """Shape: {pid: pid of its parent}"""
        return self._living("postgres", "postgres")

    def _living(self, folder: str, *names: str) -> dict[int, int]:
        home = self.house.place / "servers" / folder
        return processes.living(frozenset(names), home, mark=str(home))

    @property
    def postmaster(self) -> set[int]:
        (pid,) = processes.leaders(self.postgres)
        return {pid}

    async def end(self, pids: Iterable[int], number: signal.Signals) -> None:
        """Send a signal that ends processes, and wait until they are gone."""
        victims = set(pids)
        processes.send(victims, number)
        await until(lambda: not any(Path(f"/proc/{pid}/cwd").exists() for pid in victims))

    async def revive(self) -> None:
        await asyncio.to_thread(self.house.servers.revive)

    async def worker_behind(self, port: int) -> int:
        """The worker that serves the connection whose other end is our `port`."""
        while True:  # Until it has been accepted, the connection is nobody's.
            socket = f"socket:[{inode_of(self.server.port, port)}]"
            for worker in self.workers:
                if socket in open_files(worker):
                    return worker
            await asyncio.sleep(LOOK_SECONDS)

    async def set_clock(self, days: int) -> None:
        """So far from the true time. Waits until the workers and Postgres have seen it."""
        assert self.house.clock is not None
        self.house.clock.set(f"{days:+}d")
        async with httpx.AsyncClient(base_url=f"http://{self.address}") as client:
            while await self._days_ahead(client) != (days, days):
                await asyncio.sleep(LOOK_SECONDS)

    async def _days_ahead(self, client: httpx.AsyncClient) -> tuple[int, int]:
        """Of a worker, which tells its time with every answer, and of Postgres."""
        date = parsedate_to_datetime((await client.get("/up")).headers["Date"])
        ((there,),) = await self.database.query("SELECT clock_timestamp()")
        now = datetime.now(UTC)
        return round((date - now) / _DAY), round((there - now) / _DAY)


@asynccontextmanager
async def open_stage(house: House, *, plugged_in: bool = True) -> AsyncIterator[Stage]:
    """Several may stand in one house. Not `plugged_in`, its workers start without a Valkey."""
    cable = Cable(house.valkey_socket)
    if plugged_in:
        await cable.plug_in()
    with serve(house.place, "--workers", "2", **house.environment(cable.url)) as server:
        await asyncio.to_thread(server.wait_until_ready)
        stage = Stage(house, cable, server)
        yield stage
        await stage.redis.aclose()
        server.process.terminate()
        await asyncio.to_thread(server.process.wait)
    await cable.pull_out()
