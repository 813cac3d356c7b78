"""When the server goes, it says so, and when to come back."""

import asyncio
import re
from contextlib import AsyncExitStack

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import PATIENCE_SECONDS, Room, open_cable


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


async def test_clients_leave_one_after_another(room: Room) -> None:
    guard, connections = room.house.state["guard"], room.house.state["connections"]
    async with AsyncExitStack() as clients:
        cables = [await clients.enter_async_context(room.cable(room.bob)) for _ in range(8)]
        for cable in cables:
            await cable.next_of("welcome")
        draining = asyncio.create_task(connections.drain(seconds=PATIENCE_SECONDS))
        still_here = set()
        while guard._listeners:
            still_here.add(len(guard._listeners))
            await asyncio.sleep(0)
        goodbyes = [await cable.goodbye() for cable in cables]
        await draining

    assert {code for code, _ in goodbyes} == {1012}
    assert len({reason for _, reason in goodbyes}) > 1
    # On their way out, some were still here while others had gone.
    assert still_here & {2, 3, 4, 5, 6}


async def test_who_comes_while_all_leave_is_sent_to_another(room: Room) -> None:
    await room.house.state["connections"].drain(seconds=PATIENCE_SECONDS)
    async with room.cable(room.bob) as cable:
        code, reason = await cable.goodbye()
    assert (code, reason.partition("=")[0]) == (1012, "restart retry_after_ms")
