"""Before noon: a conversation begins, and then another, and words are changed."""

import asyncio

from tests.attachments.pictures import photo
from tests.system.day.days import Day
from tests.system.day.friends import Friend


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
