"""A day of five friends with three devices each, on two workers, one of which is killed."""

from tests.system.day.afternoon import (
    a_worker_is_killed_in_mid_conversation,
    much_happens_while_erin_has_lunch,
    the_server_restarts_and_nobody_stops,
)
from tests.system.day.browser import Browser
from tests.system.day.days import open_day
from tests.system.day.desktop import Desktop
from tests.system.day.evening import (
    dave_goes_for_good,
    shows_what_a_fresh_fetch_shows,
    they_go_to_sleep,
)
from tests.system.day.friends import Friend
from tests.system.day.morning import (
    a_group_begins_and_grows_by_a_link,
    alice_asks_bob,
    everybody_talks_at_once,
    pictures_are_sent,
    the_group_changes_hands,
    they_sign_in,
    words_are_changed,
)
from tests.system.day.phone import Phone

KINDS = {
    *("message.created", "message.edited", "message.withdrawn", "message.attachments_changed"),
    *("message.pinned", "message.unpinned", "reaction.added", "reaction.removed"),
    *("mention.created", "unread.updated", "receipts.updated", "receipts.removed"),
    *("conversation.created", "conversation.edited", "preferences.edited", "profile.edited"),
    *("member.added", "member.removed", "member.role_changed", "member.edited"),
    *("membership.began", "membership.ended"),
}


async def test_a_day_in_the_life() -> None:
    async with open_day() as day:
        names = ("alice", "bob", "carol", "dave", "erin")
        friends = alice, bob, carol, _, erin = tuple(Friend.on(day.street, name) for name in names)

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

    devices = [device for friend in friends for device in friend.devices]
    assert [line for device in devices for line in device.misheard()] == []
    for kind in (Phone, Browser, Desktop):
        heard = (device.heard for device in devices if isinstance(device, kind))
        assert set.union(*heard) >= KINDS, kind.__name__
