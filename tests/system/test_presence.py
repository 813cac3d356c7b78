"""A worker that is killed leaves nobody online."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from tests.presence.watching import watch
from tests.realtime.sockets import Cable
from tests.system.street import Street, open_street

HASTE = {
    "presence_lasts_seconds": "3",
    "presence_again_seconds": "0.5",
    "presence_grace_seconds": "0.3",
    "presence_round_seconds": "0.1",
}


class Neighbour:
    """Somebody with an account."""

    def __init__(self, client: httpx.AsyncClient, id: int) -> None:
        self.client, self.id = client, id

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{one.name}={one.value}" for one in self.client.cookies.jar)}


async def moves_in(street: Street, name: str) -> Neighbour:
    client = street.client()
    fields = {"email": f"{name}@example.com", "username": name, "password": "correct horse 42"}
    answer = await client.post("/users", json={"user": fields})
    assert answer.status_code == 201, answer.text
    return Neighbour(client, answer.json()["user"]["id"])


@asynccontextmanager
async def connected(street: Street, room: int, who: Neighbour, worker: int) -> AsyncIterator[Cable]:
    """By this worker. Those that were accepted by the other are closed as they come."""
    while True:
        async with AsyncExitStack() as stack:
            cable = await stack.enter_async_context(street.cable(room, who.headers))
            if street.worker_behind(cable.socket) == worker:
                yield cable
                return


async def test_a_killed_worker_leaves_nobody_online() -> None:
    """Bob was connected to it alone, and Carol to the one that goes on, too."""
    async with open_street(**HASTE) as street, AsyncExitStack() as dying:
        assert street.server is not None
        alice, bob, carol = [await moves_in(street, name) for name in ("alice", "bob", "carol")]
        draft = {"participant_ids": [bob.id, carol.id]}
        room = (await alice.client.post("/conversations", json=draft)).json()["id"]
        victim, survivor = sorted(street.server.workers())

        async def statuses() -> dict[int, str]:
            found = (await alice.client.get(f"/conversations/{room}/presence")).json()
            return {one["user_id"]: one["status"] for one in found}

        async with connected(street, room, alice, survivor) as cable:
            watcher = watch(cable)
            for who in (bob, carol):
                await dying.enter_async_context(connected(street, room, who, victim))
                while (await watcher.next())["user_id"] != who.id:
                    pass
            async with connected(street, room, carol, survivor):
                os.kill(victim, signal.SIGKILL)
                went = await watcher.next()
                assert (went["user_id"], went["status"]) == (bob.id, "offline")
                assert went["last_seen_at"]
                assert await statuses() == {
                    alice.id: "online",
                    bob.id: "offline",
                    carol.id: "online",
                }
            went = await watcher.next()
            assert (went["user_id"], went["status"]) == (carol.id, "offline")
