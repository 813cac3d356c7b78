"""Clients without a WebSocket: one reads Server-Sent Events, the other asks again and again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.factories import House, Person
from tests.realtime.sockets import PATIENCE_SECONDS, Room


@dataclass(frozen=True)
class Sent:
    """One event of a stream, as the HTML standard reads it, or a comment."""

    event: str | None = None
    id: str | None = None
    retry: int | None = None
    data: dict[str, Any] | None = None
    comment: str | None = None


class Stream:
    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.last_id: str | None = None
        self._blocks = self._read_blocks()

    async def next(self) -> Sent:
        async with asyncio.timeout(PATIENCE_SECONDS):
            sent = _parse(await anext(self._blocks))
        self.last_id = sent.id or self.last_id
        return sent

    async def next_of(self, kind: str) -> Sent:
        while (sent := await self.next()).event != kind:
            pass
        return sent

    async def data_of(self, kind: str) -> dict[str, Any]:
        data = (await self.next_of(kind)).data
        assert data is not None
        assert data["type"] == kind
        return data

    async def ended(self) -> bool:
        """The server ended it properly."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [block async for block in self._blocks] == []

    async def _read_blocks(self) -> AsyncIterator[str]:
        text = ""
        async for part in self.answer.aiter_text():
            text += part
            while "\n\n" in text:
                block, _, text = text.partition("\n\n")
                yield block
        assert text == "", "an event was cut off"


def _parse(block: str) -> Sent:
    fields: dict[str, Any] = {}
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        assert (name or "comment") not in fields
        fields[name or "comment"] = value.removeprefix(" ")
    if "data" in fields:
        fields["data"] = json.loads(fields["data"])
    if "retry" in fields:
        fields["retry"] = int(fields["retry"])
    return Sent(**fields)


def plain_client(house: House) -> httpx.AsyncClient:
    """Without the check of whole answers: a stream is never whole."""
    return httpx.AsyncClient(transport=house.transport, base_url=house.base_url, timeout=30)


@asynccontextmanager
async def open_stream(
    house: House, person: Person, path: str, **headers: str
) -> AsyncIterator[Stream]:
    """`headers` by their names with underscores: `last_event_id="..."`."""
    sent = {"Accept": "text/event-stream", "Cookie": person.cookie}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    # The transport belongs to the house, so the client is not closed.
    async with plain_client(house).stream("GET", path, headers=sent) as answer:
        if answer.status_code != 200:
            await answer.aread()
        yield Stream(answer)


async def poll(person: Person, path: str, **query: Any) -> dict[str, Any]:
    answer = await person.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@dataclass
class Listening:
    """How the tests of a room listen in it."""

    room: Room

    @property
    def path(self) -> str:
        return f"/conversations/{self.room.id}/events"

    def stream(
        self, person: Person, since: str | int | None = None, **headers: str
    ) -> AbstractAsyncContextManager[Stream]:
        query = "" if since is None else f"?since={quote(str(since))}"
        return open_stream(self.room.house, person, self.path + query, **headers)

    async def poll(self, person: Person, **query: Any) -> dict[str, Any]:
        return await poll(person, self.path, **query)


def listeners_of(house: House) -> tuple[int, int, int, int]:
    """What is held for those who listen: topics, watched, places by user and by address."""
    connections = house.state["connections"]
    return (
        len(house.state["hub"]._channels),
        len(house.state["guard"]._listeners),
        sum(connections._users._taken.values()),
        sum(connections._addresses._taken.values()),
    )


async def everything_is_released(house: House) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(listeners_of(house)):
            await asyncio.sleep(0.01)


async def somebody_listens(house: House) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not house.state["guard"]._listeners:
            await asyncio.sleep(0.01)
