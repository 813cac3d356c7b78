"""A day of five friends with three devices each, on two workers, one of which is killed."""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass

from tests.attachments.pictures import photo
from tests.factories import House
from tests.system.day.devices import LiveDevice
from tests.system.day.friends import Friend
from tests.system.street import Street, open_street
from tests.system.waiting import LOOK_SECONDS, PATIENCE_SECONDS, until

# Sooner than a test takes a silent stream for dead, and than anybody waits for who has gone.
_LIVELY = {
    "stream_comment_seconds": "2",
    "heartbeat_seconds": "2",
    "presence_lasts_seconds": "3",
    "presence_again_seconds": "0.5",
    "presence_grace_seconds": "1",
}


@dataclass
class Day:
    """`link` is how one comes into the picnic."""

    street: Street
    house: House
    tasks: asyncio.TaskGroup
    picnic: int = 0
    link: str = ""


async def test_a_day_in_the_life() -> None:
    async with (
        open_street(confirmation_required="true", **_LIVELY) as street,
        House.at(street.url, {}) as house,
        asyncio.TaskGroup() as tasks,
    ):
        day = Day(street, house, tasks)
        names = ("alice", "bob", "carol", "dave", "erin")
        friends = alice, bob, carol, _, erin = tuple(Friend.on(street, name) for name in names)

        await they_sign_in(day, *friends)
        direct = await alice_asks_bob(alice, bob)
        await a_group_begins_and_grows_by_a_link(day, *friends)
        await everybody_talks_at_once(day, *friends)
        await words_are_changed(day, *friends)
        await pictures_are_sent(day, carol, erin)
        await the_group_changes_hands(day, alice, bob, carol)
        await much_happens_while_erin_has_lunch(day, *friends)
        await a_worker_is_killed_in_mid_conversation(day, *friends)
        await the_server_restarts_and_nobody_stops(day, *friends)
        await dave_goes_for_good(day, *friends)
        await alice.writes(direct, "Good night")

        for friend in (alice, bob, carol, erin):
            await shows_what_a_fresh_fetch_shows(friend)
        await they_go_to_sleep(day, alice, bob, carol, erin)
    assert [line for one in friends for device in one.devices for line in device.misheard()] == []


async def they_sign_in(day: Day, *friends: Friend) -> None:
    for friend in friends:
        await friend.moves_in()
        await friend.signs_in_everywhere(day.house, day.tasks)


async def alice_asks_bob(alice: Friend, bob: Friend) -> int:
    direct = await alice.begins_conversation(bob)
    await alice.writes(direct, "Shall we go to the lake?")
    question = await bob.sees(direct, "Shall we go to the lake?")
    await bob.replies(question, "With everybody?")
    await bob.reacts(question, "👍")
    await alice.sees(direct, "With everybody?")
    await alice.has_unread(direct, 1)
    await asyncio.gather(alice.reads(direct), bob.reads(direct))
    await alice.knows_that_it_was_read(question, by=bob)
    await alice.has_unread(direct, 0)
    return direct


async def a_group_begins_and_grows_by_a_link(day: Day, *friends: Friend) -> None:
    alice, bob, carol, dave, erin = friends
    day.picnic = await alice.starts_group("Picnic", bob, carol)
    await alice.gives_role(day.picnic, bob, "admin")
    await alice.writes(day.picnic, "@bob @carol, who else comes to the lake?")
    day.link = await bob.makes_link(day.picnic)
    await asyncio.gather(dave.joins_by(day.link), erin.joins_by(day.link))
    for friend in friends:
        await friend.sees(day.picnic, "@bob @carol, who else comes to the lake?")


async def everybody_talks_at_once(day: Day, *friends: Friend) -> None:
    async def talks(friend: Friend) -> None:
        for number in range(3):
            said = await friend.writes(day.picnic, f"{friend.username} brings {number}")
            await friend.replies(said, f"{friend.username} brings something else, too")

    await asyncio.gather(*map(talks, friends))
    said = await friends[0].sees(day.picnic, "erin brings 0")
    await asyncio.gather(*(friend.reacts(said, "🧀") for friend in friends))
    await asyncio.gather(*(friend.takes_back(said, "🧀") for friend in friends[1:3]))
    await asyncio.gather(*(friend.reads(day.picnic) for friend in friends[1:]))
    await friends[1].marks_unread(said)


async def words_are_changed(day: Day, *friends: Friend) -> None:
    alice, bob, carol, dave, _ = friends
    wrong = await dave.writes(day.picnic, "At nine")
    await carol.replies(await carol.sees(day.picnic, "At nine"), "So late?")
    await dave.edits(wrong, "At noon, @everyone")
    await asyncio.gather(bob.pins(wrong), alice.pins(await alice.sees(day.picnic, "So late?")))
    rude = await carol.writes(day.picnic, "Whatever, @dave")
    answer = await dave.replies(await dave.sees(day.picnic, "Whatever, @dave"), "Rude")
    await bob.pins(rude)
    await asyncio.gather(alice.withdraws(rude), dave.withdraws(answer), bob.unpins(wrong))
    await bob.sees(day.picnic, "At noon, @everyone")


async def pictures_are_sent(day: Day, carol: Friend, erin: Friend) -> None:
    """One stays, and one is withdrawn, wherever it may be in the darkroom by then."""
    lake = await carol.sends(day.picnic, photo(), "The lake")
    await erin.sees_picture(lake)
    assert await erin.may_download(lake)
    selfie = await carol.sends(day.picnic, photo(), "Me")
    await carol.withdraws(selfie)
    assert not await erin.may_download(selfie)


async def the_group_changes_hands(day: Day, alice: Friend, bob: Friend, carol: Friend) -> None:
    await bob.renames(day.picnic, "Picnic at noon")
    await alice.gives_role(day.picnic, bob, "owner")
    await carol.prefers(day.picnic, muted_until="forever", archived=True)
    await carol.prefers(day.picnic, notifications="mentions")
    await carol.calls_themselves("Carol of the Lake")
    await carol.hides_what_they_read()
    await bob.prefers(day.picnic, favourite=True)


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

    server = day.street.server
    assert server is not None
    await others[0].finds(erin, day.picnic, "online")
    victim = day.street.worker_behind(erin.phone.sockets[day.picnic])
    async with asyncio.TaskGroup() as talking:
        for friend in others:
            talking.create_task(talks(friend))
        await until(lambda: acknowledged >= len(others))
        os.kill(victim, signal.SIGKILL)
        await erin.turns_everything_off()
    await others[0].finds(erin, day.picnic, "offline")
    await until(lambda: len(server.workers() - {victim}) == 2)

    await erin.turns_everything_on(day.tasks)
    await asyncio.gather(*(friend.sees(day.picnic, "dave says 7") for friend in friends))


async def the_server_restarts_and_nobody_stops(day: Day, *friends: Friend) -> None:
    async with asyncio.TaskGroup() as talking:
        await day.street.close()
        for friend in friends:
            talking.create_task(friend.writes(day.picnic, f"{friend.username} is on the way"))
        await day.street.open()
    await asyncio.gather(*(friend.sees(day.picnic, "erin is on the way") for friend in friends))


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
