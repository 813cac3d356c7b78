"""A phone: a native socket for each conversation, and requests that wait for the rest."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.factories import House, Person
from tests.realtime.sockets import open_cable
from tests.system.day.devices import LiveDevice
from tests.system.day.insisting import AGAIN_SECONDS
from tests.system.transports import BREAKS

_WAIT_SECONDS = 5
_SIGNED_OUT, _OUTSIDE = 4401, (4403, 4404)


class Phone(LiveDevice):
    """`sockets` are those that are open, by conversation."""

    def __init__(self, house: House, person: Person) -> None:
        super().__init__(house, person)
        self.sockets: dict[int, ClientConnection] = {}
        self._following: dict[int, asyncio.Task[None]] = {}
        self._unheard: deque[dict[str, Any]] = deque()
        self._cursor = ""

    async def start(self) -> None:
        self._cursor = (await self.get("/events")).json()["cursor"]
        await super().start()

    async def _listen(self) -> None:
        if not self.has_started.is_set():
            await self.start()
        async with asyncio.TaskGroup() as tasks:
            for id in self.known:
                self._follow(id, tasks)
            while True:
                await self._listen_once()
                while self._unheard:
                    await self._hear_own(self._unheard[0], tasks)
                    self._unheard.popleft()

    async def _listen_once(self) -> None:
        """What happens in conversations comes by their sockets."""
        answer = await self.get("/events", since=self._cursor, wait=str(_WAIT_SECONDS))
        page = answer.json()
        assert "resync_required" not in page
        self._unheard.extend(event for event in page["events"] if "conversation_id" not in event)
        self._cursor = page["cursor"]

    async def _hear_own(self, event: dict[str, Any], tasks: asyncio.TaskGroup) -> None:
        if event["type"] == "membership.ended":
            self._stop_following(event["conversation"]["id"])
        await self.hear(event)
        if event["type"] in ("membership.began", "conversation.created"):
            self._follow(event["conversation"]["id"], tasks)

    # One conversation.

    def _follow(self, id: int, tasks: asyncio.TaskGroup) -> None:
        self._stop_following(id)
        if id in self.known:
            self._following[id] = tasks.create_task(self._listen_in(id))

    def _stop_following(self, id: int) -> None:
        if (following := self._following.pop(id, None)) is not None:
            following.cancel()

    async def _listen_in(self, id: int) -> None:
        is_inside = True
        while is_inside:
            with suppress(*BREAKS):
                is_inside = await self._listen_in_once(id)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen_in_once(self, id: int) -> bool:
        """Answers whether to come back."""
        query = f"?since={self.known[id]['seq']}"
        async with open_cable(self.house, self.person, id, query) as cable:
            self.sockets[id] = cable.socket
            try:
                async for text in cable.socket:
                    await self._take(json.loads(text))
            except ConnectionClosed as closed:
                return _may_come_back(closed)
            finally:
                del self.sockets[id]
        return True

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] not in ("welcome", "heartbeat"):
            await self.hear(frame)


def _may_come_back(closed: ConnectionClosed) -> bool:
    code = closed.rcvd.code if closed.rcvd else None
    return code not in (_SIGNED_OUT, *_OUTSIDE)
