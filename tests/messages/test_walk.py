"""Whatever becomes of messages, state and events together are what a fresh fetch answers."""

import pytest

from tests.factories import House
from tests.members.devices import PollingDevice
from tests.messages.walking import MessageWalk
from tests.receipts.recounting import all_is_counted

STEPS, AT_ONCE = 36, 3
KINDS = {
    "message.created",
    "message.edited",
    "message.withdrawn",
    "message.pinned",
    "message.unpinned",
    "message.attachments_changed",
    "reaction.added",
    "reaction.removed",
    "receipts.updated",
}
OWN = {"mention.created", "unread.updated"}


@pytest.mark.parametrize("seed", range(4))
async def test_a_device_that_asks_knows_what_a_fresh_fetch_shows(
    live_house: House, seed: int
) -> None:
    people = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    walk = MessageWalk(live_house, people, seed)
    await walk.begin()
    devices = [PollingDevice(person) for person in people for _ in range(2)]
    late = PollingDevice(people[0])
    for device in (*devices, late):
        await device.start()
    await walk.everything_once()

    for _ in range(STEPS):
        await walk.step(AT_ONCE)
        for device in walk.random.sample(devices, 2):
            await device.catch_up()
    for device in (*devices, late):
        await device.catch_up()
        assert device.shown() == await device.fresh()

    await all_is_counted(live_house)
    assert late.heard >= KINDS
    assert set.union(*(device.heard for device in devices)) >= OWN
    assert walk.done.total() >= STEPS, "most of it was refused"


async def test_what_a_fetch_showed_too_early_is_made_good_by_the_event(live_house: House) -> None:
    """One answer takes several questions: here something is said between the first and the last."""
    alice, bob = [await live_house.person(name) for name in ("alice", "bob")]
    group = await live_house.conversation(alice, bob)
    device = PollingDevice(alice)
    await device.start()
    await live_house.message(group, bob)
    device.known[group.id]["messages"] = (await device.fetch_all())[group.id]["messages"]

    await device.catch_up()

    assert device.shown() == await device.fresh()
