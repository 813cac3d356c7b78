"""Where the clients of npm are played with: two workers, Alice, and Bob."""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from redis.asyncio import Redis

from app.cli.embedded import Servers
from tests.cli.running import CHATFLOW, Server, free_port, wait_for
from tests.system.npm.node import Client, Node

BASE, EXT = "actioncable-v1-json", "actioncable-v1-ext-json"
COOKIE = "_chatflow_session"


@dataclass(frozen=True)
class Person:
    id: int
    username: str
    http: httpx.AsyncClient

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.http.cookies[COOKIE]}"}

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.http.cookies[COOKIE]}"}


class House:
    """Two workers, on a Postgres and a Valkey that stay when they go."""

    def __init__(self, place: Path, servers: Servers) -> None:
        self.place, self.servers, self.port = place, servers, free_port()
        self.server = self._start()

    def _start(self) -> Server:
        command = [str(CHATFLOW), "--port", str(self.port), "--workers", "2"]
        urls = {
            "DATABASE_URL": self.servers.database_url or "",
            "REDIS_URL": self.servers.redis_url or "",
        }
        server = Server(self.place, command, self.port, **urls, CHATFLOW_RATE_LIMITS="false")
        return server.wait_until_ready()

    def restart(self) -> None:
        self.stop()
        self.server = self._start()

    def stop(self) -> None:
        self.server.__exit__()

    def kill_a_worker(self) -> None:
        victim = min(self.server.workers())
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in self.server.workers() and len(self.server.workers()) == 2)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/cable"

    async def forget_sessions(self) -> None:
        assert self.servers.redis_url is not None
        async with Redis.from_url(self.servers.redis_url) as redis:
            await redis.flushall()

    async def expel(self, person: Person) -> None:
        assert self.servers.database_url is not None
        connection = await asyncpg.connect(self.servers.database_url.replace("+asyncpg", ""))
        await connection.execute("DELETE FROM participants WHERE user_id = $1", person.id)
        await connection.close()

    async def person(self) -> Person:
        http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        username = uuid4().hex[:12]
        user = {
            "email": f"{username}@example.com",
            "password": "a long secret",
            "username": username,
        }
        answer = await http.post("/users", json={"user": user})
        return Person(answer.json()["user"]["id"], username, http)


@dataclass
class Room:
    """Alice, who speaks over HTTP, and Bob, who has a client of npm."""

    house: House
    node: Node
    alice: Person
    bob: Person
    id: int

    @property
    def channel(self) -> dict[str, object]:
        # The keys as a page may write them: one client keeps the order, the other sorts.
        return {"conversation_id": self.id, "channel": "ConversationsChannel"}

    async def say(self, body: str) -> Any:
        draft = {"body": body, "client_id": uuid4().hex}
        transport_errors = 0
        while True:
            try:
                answer = await self.alice.http.post(
                    f"/conversations/{self.id}/messages", json=draft
                )
            except httpx.TransportError:
                transport_errors += 1
                assert transport_errors < 1000
                await asyncio.sleep(0.02)
            else:
                assert answer.status_code in (200, 201)
                return answer.json()

    async def client(self, kind: str, headers: dict[str, str], **how: object) -> Client:
        name, _, protocol = kind.partition(" ")
        return await self.node.client(
            name, self.house.url, headers, protocol=protocol or BASE, **how
        )

    async def listener(self, kind: str, **how: object) -> Client:
        """Bob's, confirmed."""
        client = await self.client(kind, self.bob.cookie, **how)
        await client.subscribe(self.channel)
        await client.next_of("connected")
        return client
