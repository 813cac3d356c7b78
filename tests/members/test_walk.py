"""Whatever happens, state and events together are what a fresh fetch answers."""

import asyncio
from contextlib import suppress

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import House, Person
from tests.members.devices import Device, PollingDevice
from tests.members.walking import Walk, owners
from tests.realtime.action_cable.sockets import EXT, USER_CHANNEL, ActionCable, open_socket
from tests.realtime.feed.streams import Stream, open_stream
from tests.realtime.sockets import PATIENCE_SECONDS
from tests.receipts.recounting import all_is_counted

STEPS, AT_ONCE = 24, 3
KINDS = {
    "member.added",
    "member.removed",
    "member.role_changed",
    "member.edited",
    "conversation.edited",
}
OWN = {"membership.began", "membership.ended", "conversation.created"}


async def people_in(house: House) -> list[Person]:
    return [await house.person(name) for name in ("alice", "bob", "carol", "dave", "erin")]


@pytest.mark.parametrize("seed", range(4))
async def test_a_device_that_asks_knows_what_a_fresh_fetch_shows(
    live_house: House, seed: int
) -> None:
    walk = Walk(live_house, await people_in(live_house), seed)
    devices = [PollingDevice(person) for person in walk.people]
    late = PollingDevice(walk.people[0])
    for device in (*devices, late):
        await device.start()
    await walk.begin()

    for _ in range(STEPS):
        await walk.step(AT_ONCE)
        for device in walk.random.sample(devices, 2):
            await device.catch_up()
    for device in (*devices, late):
        await device.catch_up()
        assert device.shown() == await device.fresh()

    await all_is_counted(live_house)
    assert set((await owners(live_house)).values()) <= {1}
    assert set.union(*(device.heard for device in devices)) >= KINDS | OWN
    assert walk.done.total() >= STEPS, "most of it was refused"


async def listen(house: House, device: Device, cuts: asyncio.Queue[None]) -> None:
    """On a stream that breaks now and then, and goes on where it was."""
    async with open_stream(house, device.person, "/events") as stream:
        await stream.next_of("welcome")
        await device.start()
        last_id = await hear_stream(stream, device, cuts)
    while True:
        headers = {"last_event_id": last_id or ""}
        async with open_stream(house, device.person, "/events", **headers) as stream:
            last_id = await hear_stream(stream, device, cuts) or last_id


async def hear_stream(stream: Stream, device: Device, cuts: asyncio.Queue[None]) -> str | None:
    """Until the next cut. Answers where it was, if anything came."""
    while cuts.empty():
        try:
            sent = await stream.next()
        except TimeoutError:  # Nothing happens, and this stream cannot be read any more.
            return stream.last_id
        if sent.data is not None and sent.event not in ("welcome", "typing"):
            assert sent.event != "resync_required"
            await device.apply(sent.data)
    cuts.get_nowait()
    return stream.last_id


async def settled(device: Device, listening: asyncio.Task[None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while device.shown() != await device.fresh() and not listening.done():
                await asyncio.sleep(0.05)
    if listening.done():
        listening.result()  # Why it knows nothing of what happened since.
    assert device.shown() == await device.fresh()


@pytest.mark.parametrize("seed", range(2))
async def test_a_device_that_listens_knows_it_too(
    settings: Settings, live_house: House, seed: int
) -> None:
    """On the other worker, and cut off again and again."""
    walk = Walk(live_house, await people_in(live_house), 100 + seed)
    async with serve(settings) as other:
        devices = [Device(person) for person in walk.people]
        cuts: list[asyncio.Queue[None]] = [asyncio.Queue() for _ in devices]
        listening = [
            asyncio.create_task(listen(house, device, cut))
            for house, device, cut in zip([live_house, other] * 3, devices, cuts, strict=False)
        ]
        try:
            for device in devices:
                await device.has_started.wait()
            await walk.begin()
            for _ in range(STEPS):
                await walk.step(AT_ONCE)
                walk.random.choice(cuts).put_nowait(None)
            for device, task in zip(devices, listening, strict=True):
                await settled(device, task)
        finally:
            for task in listening:
                task.cancel()
            ended = await asyncio.gather(*listening, return_exceptions=True)
    assert [one for one in ended if not isinstance(one, asyncio.CancelledError)] == []
    assert set.union(*(device.heard for device in devices)) >= KINDS


async def hear(cable: ActionCable, device: Device, seen: dict[str, dict[str, object]]) -> None:
    """Whatever comes, until nothing does; `seen` is the last frame of each stream."""
    for frame in await cable.meanwhile():
        if isinstance(message := frame.get("message"), dict) and "stream_id" in frame:
            await device.apply(message)
            seen[frame["stream_id"]] = frame


async def test_a_device_on_action_cable_knows_it_too(live_house: House) -> None:
    """By `UserChannel`: cut off after each few steps, restored, and told what it missed."""
    walk = Walk(live_house, await people_in(live_house), 7)
    device = Device(walk.people[0])
    seen: dict[str, dict[str, object]] = {}
    async with open_socket(live_house, device.person, (EXT,)) as cable:
        await cable.welcome()
        await cable.follow(USER_CHANNEL)
        await device.start()
        await hear(cable, device, seen)
        sid = cable.sid
        cable.drop()
    await walk.begin()
    for _ in range(4):
        for _ in range(6):
            await walk.step(AT_ONCE)
        async with open_socket(live_house, device.person, (EXT,), f"?sid={sid}") as cable:
            assert (await cable.welcome())["restored_ids"] == [USER_CHANNEL]
            for frame in await cable.history(USER_CHANNEL, *seen.values()):
                if "stream_id" in frame:
                    await device.apply(frame["message"])
                    seen[frame["stream_id"]] = frame
            async with asyncio.timeout(PATIENCE_SECONDS):
                while device.shown() != await device.fresh():
                    await hear(cable, device, seen)
            sid = cable.sid
            cable.drop()
    assert device.heard >= KINDS
