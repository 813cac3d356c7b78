"""When the server goes, it says so, and when to come back."""

import re
from contextlib import AsyncExitStack

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import Room, open_cable


async def test_the_server_says_when_to_come_back(settings: Settings, room: Room) -> None:
    async with AsyncExitStack() as clients:
        async with serve(settings) as house:
            cable = await clients.enter_async_context(open_cable(house, room.bob, room.id))
            await cable.next_of("welcome")
        code, reason = await cable.goodbye()

    assert code == 1012
    match = re.fullmatch(r"restart retry_after_ms=(\d+)", reason)
    assert match
    assert 0 <= int(match[1]) <= settings.drain_seconds * 1000


async def test_who_comes_back_has_missed_nothing(settings: Settings, room: Room) -> None:
    async with AsyncExitStack() as clients:
        async with serve(settings) as house:
            cable = await clients.enter_async_context(open_cable(house, room.bob, room.id))
            cursor = (await cable.next_of("welcome"))["cursor"]
        await cable.goodbye()
    said = await room.say("while bob was away")

    async with room.cable(room.bob, f"?since={cursor}") as again:
        await again.next_of("welcome")
        assert (await again.next())["message"] == said
