"""After noon: some are away, and the server is hurt, and nobody stops."""

import asyncio
import os
import signal

from tests.system.day.days import Day
from tests.system.day.friends import Friend
from tests.system.waiting import until


async def much_happens_while_erin_has_lunch(day: Day, *friends: Friend) -> None:
    """More than a device shows, and she is put out and comes back in meanwhile."""
    alice, bob, carol, dave, erin = friends
    await erin.turns_everything_off()

    await bob.removes(day.picnic, dave)
    await dave.is_outside(day.picnic)
    await asyncio.gather(*(bob.writes(day.picnic, f"Menu, part {part}") for part in range(30)))
    await dave.joins_by(day.link)
    await dave.sees(day.picnic, "Menu, part 29")
    await asyncio.gather(alice.reads(day.picnic), carol.reads(day.picnic), dave.reads(day.picnic))
    await alice.removes(day.picnic, erin)
    await alice.adds(day.picnic, erin)
    await carol.starts_group("Without Alice", bob, erin)
    await asyncio.gather(*(dave.writes(day.picnic, f"Wine, part {part}") for part in range(30)))

    await erin.turns_everything_on(day.tasks)
    await erin.sees(day.picnic, "Wine, part 29")


async def a_worker_is_killed_in_mid_conversation(day: Day, *friends: Friend) -> None:
    """Erin is on it, and drives into a tunnel: nobody is left to say that she has gone."""
    *others, erin = friends
    acknowledged = 0

    async def talks(friend: Friend) -> None:
        nonlocal acknowledged
        for number in range(8):
            await friend.writes(day.picnic, f"{friend.username} says {number}")
            acknowledged += 1
            await friend.reads(day.picnic)

    await others[0].finds(erin, day.picnic, "online")
    await until(lambda: day.picnic in erin.phone.sockets)
    victim = day.street.worker_behind(erin.phone.sockets[day.picnic])
    async with asyncio.TaskGroup() as talking:
        for friend in others:
            talking.create_task(talks(friend))
        await until(lambda: acknowledged >= len(others))
        os.kill(victim, signal.SIGKILL)
        await erin.turns_everything_off()
    await others[0].finds(erin, day.picnic, "offline")
    await until(lambda: len(day.server.workers() - {victim}) == 2)

    await erin.turns_everything_on(day.tasks)
    await asyncio.gather(*(friend.sees(day.picnic, "dave says 7") for friend in friends))


async def the_server_restarts_and_nobody_stops(day: Day, *friends: Friend) -> None:
    async with asyncio.TaskGroup() as talking:
        await day.street.close()
        for friend in friends:
            talking.create_task(friend.writes(day.picnic, f"{friend.username} is on the way"))
        await day.street.open()
    await asyncio.gather(*(friend.sees(day.picnic, "erin is on the way") for friend in friends))
