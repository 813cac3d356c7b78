"""Pings come by themselves: they are how the clients know that the server lives."""

import asyncio
from time import time

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.action_cable.sockets import EXT, following, identify, welcomed
from tests.realtime.sockets import Room


async def test_pings_come_by_themselves_with_the_time_in_seconds(
    settings: Settings, room: Room
) -> None:
    hasty = settings.model_copy(update={"cable_ping_seconds": 0.05})

    async with serve(hasty) as house, welcomed(house, room.bob) as cable:
        pings = [await cable.next_ping() for _ in range(3)]

    for ping in pings:
        assert set(ping) == {"type", "message"}
        assert type(ping["message"]) is int
        assert abs(ping["message"] - time()) < 60


async def test_pings_come_while_messages_flood(settings: Settings, room: Room) -> None:
    hasty = settings.model_copy(update={"cable_ping_seconds": 0.05})

    async def flood() -> None:
        while True:
            await room.say("x" * 5_000)

    async with serve(hasty) as house, following(house, room.bob, identify(room.id)) as cable:
        flooding = asyncio.create_task(flood())
        try:
            while len(cable.pings) < 3:
                await cable.next()
        finally:
            flooding.cancel()
            await asyncio.wait([flooding])


async def test_pings_are_every_three_seconds(settings: Settings) -> None:
    """The clients take a connection for dead after two pings that did not come."""
    assert settings.cable_ping_seconds == 3


@pytest.mark.parametrize("command", ['{"command":"pong"}', '{"command":"pong","message":1}'])
async def test_a_pong_is_taken_silently(room: Room, command: str) -> None:
    async with welcomed(room.house, room.bob, EXT) as cable:
        for _ in range(20):
            await cable.socket.send(command)
        assert await cable.meanwhile() == []


async def test_a_ping_of_the_client_is_answered_in_the_extended_protocol(room: Room) -> None:
    async with welcomed(room.house, room.bob, EXT) as cable:
        await cable.say(command="ping")
        assert await cable.next() == {"type": "pong"}
