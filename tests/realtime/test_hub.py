"""Everybody hears everything, once, in order, whatever the doorbell does."""

import asyncio
from collections.abc import Iterable

import pytest

from app.kit.broker import MemoryBroker, RedisBroker
from app.kit.events import Envelope
from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import Cable, Room, open_cable


async def hear(cable: Cable, count: int) -> list[int]:
    return [(await cable.next_of("message.created"))["seq"] for _ in range(count)]


async def test_a_doorbell_that_never_rings_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        monkeypatch.setattr(RedisBroker, "ring", lambda self, envelopes: None)
        for n in range(5):
            await room.say(f"message {n}")
        assert await hear(cable, 5) == [1, 2, 3, 4, 5]


async def test_a_doorbell_that_rings_twice_and_out_of_order_is_put_right(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = RedisBroker.ring
    held: list[Envelope] = []

    def ring_badly(self: RedisBroker, envelopes: Iterable[Envelope]) -> None:
        held.extend(envelopes)
        if len(held) == 6:
            ring(self, [held[2], held[2], held[0], held[5], held[1], held[1]])

    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        monkeypatch.setattr(RedisBroker, "ring", ring_badly)
        for n in range(6):
            await room.say(f"message {n}")
        assert await hear(cable, 6) == [1, 2, 3, 4, 5, 6]


async def test_who_comes_in_the_middle_of_a_burst_hears_all_of_it_once(room: Room) -> None:
    async def listen() -> list[int]:
        async with room.cable(room.bob, "?since=0") as cable:
            return await hear(cable, 100)

    async def burst() -> None:
        for n in range(100):
            await room.say(f"message {n}")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(burst())
        listening = [tasks.create_task(listen()) for _ in range(10)]

    for task in listening:
        assert task.result() == list(range(1, 101))


async def test_what_is_said_to_one_worker_is_heard_at_the_other(
    settings: Settings, room: Room
) -> None:
    async with serve(settings) as other, open_cable(other, room.bob, room.id) as cable:
        await cable.next_of("welcome")
        said = await room.say("over there")
        assert (await cable.next())["message"] == said


async def test_one_process_needs_no_redis(settings: Settings, room: Room) -> None:
    alone = settings.model_copy(update={"redis_url": None})
    async with serve(alone) as house:
        assert isinstance(house.state["broker"], MemoryBroker)
        async with open_cable(house, room.bob, room.id) as cable:
            await cable.next_of("welcome")
            await cable.say(type="message.create", body="alone")
            assert await hear(cable, 1) == [1]
            await room.say("by another process, whose bell does not reach us")
            assert await hear(cable, 1) == [2]


async def test_an_outsider_hears_nothing(room: Room) -> None:
    carol = await room.house.person("carol")
    elsewhere = await room.house.conversation(carol, room.bob)

    async with open_cable(room.house, carol, elsewhere.id) as cable:
        await cable.next_of("welcome")
        await room.say("not for carol")
        said = await room.house.message(elsewhere, room.bob, "for carol")
        assert (await cable.next())["message"] == said


async def test_the_last_one_out_closes_the_channel(room: Room) -> None:
    hub = room.house.state["hub"]

    async with room.cable(room.bob) as one, room.cable(room.alice) as another:
        await one.next_of("welcome")
        await another.next_of("welcome")
        assert list(hub._channels) == [f"conversation:{room.id}"]
    while hub._channels:
        await asyncio.sleep(0)
