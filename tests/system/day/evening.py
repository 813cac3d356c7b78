"""At night: one goes for good, and the others look at their devices once more."""

import asyncio
from contextlib import suppress

from tests.system.day.days import Day
from tests.system.day.devices import LiveDevice
from tests.system.day.friends import Friend
from tests.system.waiting import LOOK_SECONDS, PATIENCE_SECONDS, until


async def dave_goes_for_good(day: Day, *friends: Friend) -> None:
    """He owns one group, takes part in another, and has written to Carol."""
    alice, bob, carol, dave, erin = friends
    tent = await dave.starts_group("Tent", bob, carol)
    await dave.writes(tent, "I am leaving, and the tent is yours")
    direct = await dave.begins_conversation(carol)
    await dave.writes(direct, "Farewell")
    await dave.closes_account()
    await until(lambda: all(device.is_signed_out for device in dave.devices))
    await carol.writes(direct, "Farewell, Dave")
    await bob.writes(day.picnic, "He will be missed")
    for friend in (alice, bob, carol, erin):
        await friend.knows_that_nobody_is(dave)


async def shows_what_a_fresh_fetch_shows(friend: Friend) -> None:
    async def settles(device: LiveDevice) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await device.mistaken():
                    await asyncio.sleep(LOOK_SECONDS)
        assert await device.mistaken() == []

    await asyncio.gather(*map(settles, friend.devices))


async def they_go_to_sleep(day: Day, last: Friend, *others: Friend) -> None:
    for friend in others:
        await friend.turns_everything_off()
    for friend in others:
        await last.finds(friend, day.picnic, "offline")
    await last.finds(last, day.picnic, "online")
    await last.turns_everything_off()
