"""SIGHUP under load: every worker is replaced, and no client misses anything."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.cli.running import Server, chatflow, serve

LISTENERS = 30
WORKERS = 2
PATIENCE_SECONDS = 60


class Listener:
    """Comes back at once, with its cursor, whenever it is sent away."""

    def __init__(self, url: str, cookie: str) -> None:
        self.url, self.cookie = url, cookie
        self.is_here = asyncio.Event()
        self.heard: list[str] = []
        self.goodbyes: list[tuple[int | None, str | None]] = []
        self.heard_before: list[int] = []

    async def listen(self, last: str) -> None:
        cursor = ""
        while last not in self.heard:
            try:
                async with connect(
                    self.url + cursor, additional_headers={"Cookie": self.cookie}, proxy=None
                ) as socket:
                    async for text in socket:
                        cursor = self.read(json.loads(text), cursor)
                        if last in self.heard:
                            return
            except ConnectionClosed:
                pass
            self.goodbyes.append((socket.close_code, socket.close_reason))
            self.heard_before.append(len(self.heard))

    def read(self, event: dict[str, Any], cursor: str) -> str:
        if event["type"] == "message.created":
            self.heard.append(event["message"]["body"])
            return f"?since={event['seq']}"
        if event["type"] == "presence.changed":
            return cursor
        assert event["type"] in ("welcome", "heartbeat")
        self.is_here.set()
        return cursor or f"?since={event['seq']}"


async def restart_under_load(server: Server) -> tuple[list[str], list[Listener]]:
    """Shape: (what was said, who listened)"""
    address = f"127.0.0.1:{server.port}"
    before = server.workers()
    async with httpx.AsyncClient(base_url=f"http://{address}") as alice, asyncio.TaskGroup() as g:
        user = {"email": "alice@example.com", "password": "secret123"}
        (await alice.post("/users/sign_in", json={"user": user})).raise_for_status()
        conversation = (await alice.get("/conversations")).json()[0]["id"]
        cookie = f"_chatflow_session={alice.cookies['_chatflow_session']}"
        url = f"ws://{address}/cable/{conversation}"
        listeners = [Listener(url, cookie) for _ in range(LISTENERS)]
        for listener in listeners:
            g.create_task(listener.listen(last="the last"))
            await listener.is_here.wait()
        server.process.send_signal(signal.SIGHUP)
        said: list[str] = []
        while before & server.workers():
            await say(alice, conversation, said, f"number {len(said)}")
        await say(alice, conversation, said, "the last")
    return said, listeners


async def say(alice: httpx.AsyncClient, conversation: int, said: list[str], body: str) -> None:
    answer = await alice.post(f"/conversations/{conversation}/messages", json={"body": body})
    assert answer.status_code == 201
    said.append(body)


async def test_a_rolling_restart_loses_no_post_and_no_event(place: Path) -> None:
    assert chatflow(place, "seed").returncode == 0
    more = {"CHATFLOW_RATE_LIMITS": "false", "CHATFLOW_CONNECTIONS_PER_USER_MAX": str(LISTENERS)}
    with serve(place, "--workers", str(WORKERS), **more).wait_until_ready() as server:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, listeners = await restart_under_load(server)

    assert len(said) > 10
    for listener in listeners:
        assert listener.heard == said
    goodbyes = [goodbye for listener in listeners for goodbye in listener.goodbyes]
    assert len(goodbyes) >= LISTENERS
    assert {code for code, _ in goodbyes} == {1012}
    assert len({reason for _, reason in goodbyes}) > LISTENERS / 2
    # Between the goodbyes of one worker, the others went on listening.
    heard_before = {count for listener in listeners for count in listener.heard_before}
    assert len(heard_before) > WORKERS
