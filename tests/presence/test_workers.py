"""Several processes with one Redis, and a Redis that forgets."""

from contextlib import AbstractAsyncContextManager

from redis.asyncio import Redis

from app.kit.settings import Settings
from app.kit.shelf import Entry
from app.presence.schemas import Status
from tests.factories import House
from tests.presence.watching import native, presences
from tests.realtime.sockets import Room
from tests.system.waiting import until

Worker = AbstractAsyncContextManager[House]


async def test_whoever_is_on_two_workers_goes_with_the_last(
    shared_room: Room, another_worker: Worker
) -> None:
    room, state = shared_room, shared_room.house.state
    async with another_worker as other, native(room.house, room.alice, room) as alice:
        async with native(other, room.bob, room):
            await alice.hears(room.bob, "online")
            async with room.cable(room.bob) as here:
                await here.ask(type="presence", status="away")
                await state["saying"].say()
            await until(lambda: room.bob.id not in state["seats"].people)
            await state["saying"].say()  # That he left, before he leaves the other.
            assert (await presences(room.alice, room))[room.bob.id]["status"] == "online"
        assert (await alice.hears(room.bob, "offline"))["last_seen_at"]

    assert alice.statuses(room.bob) == ["online", "offline"]


async def test_of_several_workers_one_tells_it(shared_room: Room, another_worker: Worker) -> None:
    room = shared_room
    async with another_worker as other, native(other, room.alice, room) as alice:
        async with native(room.house, room.bob, room):
            await alice.hears(room.bob, "online")
        went = await alice.hears(room.bob, "offline")
        async with native(room.house, room.bob, room):
            await alice.hears(room.bob, "online")

    assert went["last_seen_at"]
    assert alice.statuses(room.bob) == ["online", "offline", "online"]


async def test_what_was_told_too_late_is_corrected(shared_room: Room) -> None:
    """Another worker has told since that Bob is away, and this one's older word was heard last."""
    room, state = shared_room, shared_room.house.state
    looking = Entry("looking", str(room.bob.id), state["roll"]._process)

    async with native(room.house, room.alice, room) as alice:
        await state["roll"].keep({room.bob.id: Status.ONLINE})
        state["telling"].notice([room.bob.id])
        await alice.hears(room.bob, "online")
        await state["roll_shelf"].leave(looking)
        await alice.hears(room.bob, "away")


async def test_a_redis_that_forgets_everybody_makes_nobody_go(
    settings: Settings, shared_room: Room
) -> None:
    room = shared_room
    assert settings.redis_url is not None
    async with native(room.house, room.alice, room) as alice, room.cable(room.bob) as bob:
        await alice.hears(room.bob, "online")
        async with Redis.from_url(settings.redis_url.get_secret_value()) as redis:
            await redis.flushall()
        while (await presences(room.alice, room))[room.bob.id]["status"] != "online":
            pass
        await bob.ask(type="presence", status="away")
        while "away" not in alice.statuses(room.bob):
            await alice.next()

    assert "offline" not in alice.statuses(room.bob)
