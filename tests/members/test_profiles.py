"""Whoever changes their profile is another to everybody whom they talk with."""

from tests.factories import House, Person
from tests.jobs import run_jobs
from tests.members.groups import Group
from tests.users.editing import edit

PICTURE = "https://example.com/robert.png"


async def news_of(person: Person, conversation_id: int) -> list[str]:
    answer = await person.client.get(f"/conversations/{conversation_id}/events?since=0")
    return [event["type"] for event in answer.json()["events"]]


async def test_everybody_hears_of_a_changed_profile(group: Group) -> None:
    before = len(await group.events())

    await edit(group.bob, name="Robert", username="robert", avatar_url=PICTURE)
    await run_jobs(group.house)

    (event,) = (await group.events())[before:]
    people = {one["id"]: one for one in (await group.open(group.alice))["participants"]}
    assert event == {
        "type": "member.edited",
        "conversation_id": group.conversation.id,
        "seq": before + 1,
        "at": event["at"],
        "member": people[group.bob.id],
    }
    member = event["member"]
    assert (member["name"], member["username"], member["avatar_url"], member["role"]) == (
        "Robert",
        "robert",
        PICTURE,
        "admin",
    )


async def test_it_is_heard_in_each_of_their_conversations_and_in_no_other(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    theirs = [await house.conversation(bob, alice), await house.conversation(bob, carol, alice)]
    without_them = await house.conversation(alice, carol)

    await edit(bob, name="Robert")
    await run_jobs(house)

    assert [await news_of(alice, one.id) for one in theirs] == [["member.edited"]] * 2
    assert await news_of(alice, without_them.id) == []


async def test_a_group_that_they_have_left_meanwhile_is_not_told(group: Group) -> None:
    await edit(group.bob, name="Robert")
    await group.leave(group.bob)
    await run_jobs(group.house)

    assert "member.edited" not in await group.news()
    assert "member.removed" in await group.news()


async def test_what_others_are_not_shown_is_no_news_to_them(group: Group) -> None:
    before = await group.news()

    await edit(group.bob)
    await edit(group.bob, read_receipts=False)
    await run_jobs(group.house)

    assert await group.news() == before
