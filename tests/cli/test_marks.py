"""SIGTERM while people read: what they have read is written before the process ends."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.cli.running import Server, chatflow, serve

CONVERSATIONS = 12
PATIENCE_SECONDS = 60
USER = {"email": "alice@example.com", "password": "secret123"}


async def signed_in(alice: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Shape: her conversations"""
    (await alice.post("/users/sign_in", json={"user": USER})).raise_for_status()
    listed: list[dict[str, Any]] = (await alice.get("/conversations")).json()
    return listed


async def start(alice: httpx.AsyncClient) -> None:
    bob = (await alice.get("/users?query=bob")).json()[0]["id"]
    for n in range(CONVERSATIONS):
        people = {"participant_ids": [bob, *await strangers(alice, n)]}
        (await alice.post("/conversations", json=people)).raise_for_status()


async def strangers(alice: httpx.AsyncClient, n: int) -> list[int]:
    """A group is of three."""
    user = {"email": f"guest{n}@example.com", "password": "a long secret"}
    async with httpx.AsyncClient(base_url=alice.base_url) as guest:
        answer = await guest.post("/users", json={"user": user})
        return [answer.raise_for_status().json()["user"]["id"]]


async def read_and_leave(server: Server) -> None:
    """On a socket for each conversation, without waiting for what becomes of it."""
    address = f"127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=30) as alice:
        await signed_in(alice)
        await start(alice)
        cookie = f"_chatflow_session={alice.cookies['_chatflow_session']}"
        async with AsyncExitStack() as stack:
            sockets = []
            for one in await signed_in(alice):
                (
                    await alice.post(f"/conversations/{one['id']}/messages", json={"body": "Hi"})
                ).raise_for_status()
                opening = connect(
                    f"ws://{address}/cable/{one['id']}",
                    additional_headers={"Cookie": cookie},
                    proxy=None,
                )
                sockets.append(await stack.enter_async_context(opening))
            first, *others = sockets
            await read(first, until="receipts.updated")  # From here on what is marked waits.
            await asyncio.gather(*(read(socket, until="pong") for socket in others))
            server.process.terminate()
            await asyncio.gather(*(socket.wait_closed() for socket in sockets))


async def read(socket: ClientConnection, until: str) -> None:
    await socket.send(json.dumps({"type": "read", "seq": 1}))
    await socket.send(json.dumps({"type": "ping"}))
    while json.loads(await socket.recv())["type"] != until:
        pass


async def read_so_far(server: Server) -> list[int]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as alice:
        return [one["last_read_seq"] for one in await signed_in(alice)]


async def test_what_was_read_is_written_before_the_end(place: Path) -> None:
    assert chatflow(place, "seed").returncode == 0
    # Longer than the test: but for the first of them, they are still waiting.
    more = {"CHATFLOW_RATE_LIMITS": "false", "CHATFLOW_MARKS_PAUSE_SECONDS": "60"}
    async with asyncio.timeout(PATIENCE_SECONDS):
        with serve(place, **more).wait_until_ready() as server:
            await read_and_leave(server)
        with serve(place, **more).wait_until_ready() as server:
            so_far = await read_so_far(server)

    assert so_far == [1] * (CONVERSATIONS + 1)
