"""Two workers, real sockets, and whatever may be killed: nothing is lost, nothing comes twice."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from app.cli.embedded import Servers, embedded_servers
from tests.cli.running import Server, place_for_data, processes_of, serve

LISTENERS = 8
MESSAGES = 60
PATIENCE_SECONDS = 60


class Stage:
    """A server with two workers, on a Valkey of the test's own; Alice speaks, Bob listens."""

    def __init__(self, place: Path, server: Server, servers: Servers) -> None:
        self.place, self.server, self.servers = place, server, servers
        self.address = f"127.0.0.1:{server.port}"
        assert servers.redis_url is not None
        self.redis = Redis.from_url(servers.redis_url)

    def pids(self, program: str) -> list[int]:
        return [pid for pid, command in processes_of(self.place).items() if program in command]

    async def set_up(self) -> None:
        """New people in a new conversation, for each test."""
        self.alice = httpx.AsyncClient(base_url=f"http://{self.address}", timeout=10)
        async with httpx.AsyncClient(base_url=f"http://{self.address}") as bob:
            participant_ids = [await _sign_up(bob)]
            self.bobs_cookie = f"_chatflow_session={bob.cookies['_chatflow_session']}"
        await _sign_up(self.alice)
        body = {"participant_ids": participant_ids}
        self.id = (await self.alice.post("/conversations", json=body)).json()["id"]

    async def say(self, number: int) -> None:
        """Until it was acknowledged, with the same `client_id`."""
        body = {"body": f"message {number}", "client_id": str(number)}
        while True:
            with suppress(httpx.TransportError):
                answer = await self.alice.post(f"/conversations/{self.id}/messages", json=body)
                if answer.status_code in (200, 201):
                    return
                assert answer.status_code == 503
            await asyncio.sleep(0.05)

    async def listen(self, ready: asyncio.Semaphore) -> list[str]:
        """Everything that one client hears, however often it must come back."""
        heard: list[dict[str, Any]] = []
        while len(heard) < MESSAGES:
            since = heard[-1]["seq"] if heard else 0
            url = f"ws://{self.address}/cable/{self.id}?since={since}"
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(
                    url, additional_headers={"Cookie": self.bobs_cookie}, proxy=None
                ) as socket:
                    async for text in socket:
                        frame = json.loads(text)
                        if frame["type"] == "welcome":
                            ready.release()
                        if frame["type"] == "message.created":
                            heard.append(frame)
                        if len(heard) == MESSAGES:
                            break
        return [frame["message"]["body"] for frame in heard]


async def _sign_up(client: httpx.AsyncClient) -> int:
    user = {"email": f"{uuid4().hex}@example.com", "password": "secret123"}
    user_id: int = (await client.post("/users", json={"user": user})).json()["user"]["id"]
    return user_id


async def nothing(stage: Stage) -> None:
    pass


async def flush_valkey(stage: Stage) -> None:
    stage.redis.flushall()


async def kill_and_revive_valkey(stage: Stage) -> None:
    (pid,) = stage.pids("valkey-server")
    os.kill(pid, signal.SIGKILL)
    while stage.pids("valkey-server"):
        await asyncio.sleep(0.01)
    await stage.say(1_000)
    await asyncio.to_thread(stage.servers.revive)


async def cut_valkeys_connections(stage: Stage) -> None:
    stage.redis.execute_command("CLIENT", "KILL", "SKIPME", "yes")  # type: ignore[no-untyped-call]


async def stop_valkey_for_a_while(stage: Stage) -> None:
    (pid,) = stage.pids("valkey-server")
    os.kill(pid, signal.SIGSTOP)
    for number in range(1_000, 1_005):
        await stage.say(number)
    os.kill(pid, signal.SIGCONT)


async def kill_a_worker(stage: Stage) -> None:
    os.kill(stage.pids("app.cli.worker")[0], signal.SIGKILL)


FAULTS: dict[str, Callable[[Stage], Coroutine[Any, Any, None]]] = {
    "nothing happens": nothing,
    "Valkey is flushed": flush_valkey,
    "Valkey is killed and comes back": kill_and_revive_valkey,
    "Valkey's connections are cut": cut_valkeys_connections,
    "Valkey is stopped for a while": stop_valkey_for_a_while,
    "a worker is killed": kill_a_worker,
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with (
        place_for_data() as place,
        embedded_servers(place / "valkey", postgres=False) as servers,
    ):
        more = {"REDIS_URL": servers.redis_url or "", "CHATFLOW_RATE_LIMITS": "false"}
        with serve(place, "--workers", "2", **more) as server:
            yield Stage(place, server.wait_until_ready(), servers)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_everybody_hears_everything_once_and_in_order(
    stage: Stage, fault: Callable[[Stage], Coroutine[Any, Any, None]]
) -> None:
    await stage.set_up()
    ready = asyncio.Semaphore(0)

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(stage.listen(ready)) for _ in range(LISTENERS)]
        for _ in listening:
            await ready.acquire()
        for number in range(MESSAGES // 2):
            await stage.say(number)
        await fault(stage)
        for number in range(MESSAGES // 2, MESSAGES):
            await stage.say(number)

    path = f"/conversations/{stage.id}/messages?limit=200"
    history = [m["body"] for m in (await stage.alice.get(path)).json()["messages"]]
    assert len(history) == len(set(history)) >= MESSAGES
    for task in listening:
        assert task.result() == history[:MESSAGES]
    await stage.alice.aclose()
