"""What becomes of a group when its owner closes their account."""

from app.kit.jobs import enqueue
from tests.accounts.links import close
from tests.jobs import run_jobs
from tests.members.groups import Group


async def test_an_admin_owns_it_next_and_the_words_stay(group: Group) -> None:
    said = (await group.post(group.alice, "What I leave you")).json()
    assert (await close(group.alice)).status_code == 204

    await run_jobs(group.house)

    opened = await group.open(group.bob)
    people = {one["id"]: one for one in opened["participants"]}
    assert people[group.bob.id]["role"] == "owner"
    assert people[group.alice.id]["role"] == "member"
    assert people[group.alice.id]["name"] == "Deleted user"
    assert opened["messages"][-1]["body"] == said["body"]
    assert (await group.news(group.bob))[-3:] == ["member.role_changed"] * 2 + ["member.edited"]


async def test_it_is_safe_to_repeat(group: Group) -> None:
    await close(group.alice)
    await run_jobs(group.house)
    before = await group.news(group.bob)

    async with group.house.session() as session:
        await enqueue(session, "members.pass_on_groups", {"user_id": group.alice.id})
    await run_jobs(group.house)

    assert await group.news(group.bob) == before


async def test_whoever_only_took_part_leaves_the_roles_as_they_are(group: Group) -> None:
    before = await group.news(group.alice)
    await close(group.carol)

    await run_jobs(group.house)

    assert (await group.roles(group.alice))["alice"] == "owner"
    assert await group.news(group.alice) == [*before, "member.edited"]


async def test_everybody_is_told_that_they_are_gone(group: Group) -> None:
    direct = await group.house.conversation(group.carol, group.bob)
    await close(group.carol)

    await run_jobs(group.house)

    for path in (group.path, f"/conversations/{direct.id}"):
        events = (await group.bob.client.get(f"{path}/events?since=0")).json()["events"]
        gone = events[-1]["member"]
        assert (gone["id"], gone["name"], gone["username"]) == (
            group.carol.id,
            "Deleted user",
            None,
        )
