"""Whatever one's devices change, state and events together are what a fresh fetch answers."""

import asyncio
from random import Random
from typing import Any

import httpx
import pytest

from app.models import Conversation
from tests.factories import House, Person
from tests.members.devices import PollingDevice
from tests.preferences.own import edit

STEPS, AT_ONCE = 25, 3
CHOICES: list[dict[str, Any]] = [
    {"archived": True},
    {"archived": False},
    {"favourite": True, "archived": True},
    {"favourite": False},
    {"notifications": "mentions"},
    {"notifications": "all", "muted_until": "2999-01-01T00:00:00Z"},
    {"muted_until": "forever"},
    {"muted_until": "2024-01-01T00:00:00Z"},
    {},
]


async def go_and_come(owner: Person, person: Person, group: Conversation) -> httpx.Response:
    """Everything that they preferred is gone with their membership."""
    members = f"/conversations/{group.id}/members"
    await owner.client.delete(f"{members}/{person.id}")
    return await owner.client.post(members, json={"user_ids": [person.id]})


@pytest.mark.parametrize("seed", range(2))
async def test_each_device_knows_what_a_fresh_fetch_shows(live_house: House, seed: int) -> None:
    random = Random(seed)
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    groups = [await live_house.conversation(alice, bob, carol) for _ in range(2)]
    devices = [PollingDevice(bob) for _ in range(3)]
    other = PollingDevice(carol)
    for device in (*devices, other):
        await device.start()

    for _ in range(STEPS):
        acts = [edit(bob, random.choice(groups), **random.choice(CHOICES)) for _ in range(AT_ONCE)]
        if random.random() < 0.2:
            acts.append(go_and_come(alice, bob, random.choice(groups)))
        answers = await asyncio.gather(*acts)
        assert {answer.status_code for answer in answers} <= {200, 201, 404}
        await random.choice(devices).catch_up()
    for device in (*devices, other):
        await device.catch_up()
        assert device.shown() == await device.fresh()

    assert all("preferences.edited" in device.heard for device in devices)
    assert "membership.began" in other.heard | devices[0].heard
    assert "preferences.edited" not in other.heard
