"""What somebody hears of who comes and goes, by whatever transport."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from tests.factories import House, Person
from tests.realtime.action_cable.sockets import EXT, USER_CHANNEL, V1, following, identify
from tests.realtime.feed.streams import Stream, open_stream, poll
from tests.realtime.sockets import PATIENCE_SECONDS, Cable, Room, open_cable

# Long enough for a machine that is busy to say twice that somebody is here.
HASTE = {
    "presence_lasts_seconds": 3,
    "presence_again_seconds": 0.5,
    "presence_grace_seconds": 0.3,
    "presence_round_seconds": 0.05,
}
LONG_GRACE = HASTE | {"presence_grace_seconds": 60, "presence_lasts_seconds": 60}

News = dict[str, Any]
Hear = Callable[[], Awaitable[News]]


class Watcher:
    """Keeps every `presence.changed` that was heard, in order."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self.heard: list[News] = []

    async def hears(self, person: Person, status: str) -> News:
        """The next of this person, who must have this status then."""
        while (news := await self.next())["user_id"] != person.id:
            pass
        assert news["status"] == status
        return news

    async def next(self) -> News:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (news := await self._hear())["type"] != "presence.changed":
                pass
        self.heard.append(news)
        return news

    def statuses(self, person: Person) -> list[str]:
        return [one["status"] for one in self.heard if one["user_id"] == person.id]


def watch(cable: Cable) -> Watcher:
    return Watcher(cable.next)


async def presences(person: Person, room: Room) -> dict[int, News]:
    """By user, as the API tells it."""
    answer = await person.client.get(f"/conversations/{room.id}/presence")
    assert answer.status_code == 200, answer.text
    return {one["user_id"]: one for one in answer.json()}


@asynccontextmanager
async def native(house: House, person: Person, room: Room) -> AsyncIterator[Watcher]:
    async with open_cable(house, person, room.id) as cable:
        await cable.next_of("welcome")
        yield watch(cable)


@asynccontextmanager
async def _cable(
    house: House, person: Person, identifier: str, protocol: str
) -> AsyncIterator[Watcher]:
    async with following(house, person, identifier, protocol) as cable:

        async def hear() -> News:
            news: News = (await cable.next_of(None))["message"]
            return news

        yield Watcher(hear)


def cable(house: House, person: Person, room: Room) -> AbstractAsyncContextManager[Watcher]:
    return _cable(house, person, identify(room.id), V1)


def extended(house: House, person: Person, room: Room) -> AbstractAsyncContextManager[Watcher]:
    return _cable(house, person, identify(room.id), EXT)


def everything(house: House, person: Person, room: Room) -> AbstractAsyncContextManager[Watcher]:
    return _cable(house, person, USER_CHANNEL, V1)


def watch_stream(stream: Stream) -> Watcher:
    async def hear() -> News:
        while (data := (await stream.next()).data) is None:
            pass
        return data

    return Watcher(hear)


@asynccontextmanager
async def _stream(house: House, person: Person, path: str) -> AsyncIterator[Watcher]:
    async with open_stream(house, person, path) as stream:
        await stream.next_of("welcome")
        yield watch_stream(stream)


def stream(house: House, person: Person, room: Room) -> AbstractAsyncContextManager[Watcher]:
    return _stream(house, person, f"/conversations/{room.id}/events")


def user_stream(house: House, person: Person, room: Room) -> AbstractAsyncContextManager[Watcher]:
    return _stream(house, person, "/events")


@asynccontextmanager
async def long_poll(house: House, person: Person, room: Room) -> AsyncIterator[Watcher]:
    """Asks again and again, as long as the block lasts."""
    path, heard = f"/conversations/{room.id}/events", asyncio.Queue[News]()

    async def ask() -> None:
        cursor = (await poll(person, path))["cursor"]
        while True:
            page = await poll(person, path, since=cursor, wait=20)
            cursor = page["cursor"]
            for news in page["events"]:
                heard.put_nowait(news)

    asking = asyncio.create_task(ask())
    try:
        yield Watcher(heard.get)
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


TRANSPORTS = {
    "native": native,
    "cable": cable,
    "extended": extended,
    "everything": everything,
    "stream": stream,
    "user_stream": user_stream,
    "long_poll": long_poll,
}
