"""What is kept of conversations is shown to whoever may see it, for as long as it is so."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.conversations.queries import Cards
from app.kit.settings import Settings
from app.members import actions as members
from app.models import User
from tests.accounts.links import close
from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House, Person
from tests.houses import house_with
from tests.jobs import run_jobs
from tests.members.groups import Group, group_in
from tests.users.editing import edit

PICTURE = "https://example.com/picture.png"


@pytest.fixture
async def group(house: House) -> Group:
    group = await group_in(house)
    await group.post(group.carol, "Hello")
    return group


async def shown(house: House, person: Person, *paths: str) -> list[tuple[str, Any]]:
    """Shape: the tag and the body of each."""
    answers = [await person.client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [(answer.headers["etag"], answer.json()) for answer in answers]


async def forgetting(house: House, ask: Callable[[], Awaitable[Any]]) -> Any:
    """What somebody is answered by a worker that has kept nothing."""
    kept, house.state["cards"] = house.state["cards"], Cards()
    try:
        return await ask()
    finally:
        house.state["cards"] = kept


# Whatever is shown is as it is now.


async def _withdraw(group: Group) -> httpx.Response:
    (message, *_) = (await group.open(group.carol))["messages"]
    return await group.carol.client.delete(f"{group.path}/messages/{message['id']}")


async def _reword(group: Group) -> httpx.Response:
    (message, *_) = (await group.open(group.carol))["messages"]
    path = f"{group.path}/messages/{message['id']}"
    return await group.carol.client.patch(path, json={"body": "Good evening"})


async def _join(group: Group) -> httpx.Response:
    token = await group.token()
    return await group.mallory.client.post("/invites/accept", json={"token": token})


CHANGES: dict[str, Callable[[Group], Awaitable[Any]]] = {
    "title": lambda group: group.edit(group.alice, title="Dinner"),
    "picture": lambda group: group.edit(group.alice, picture_url=PICTURE),
    "role": lambda group: group.give_role(group.alice, group.dave, "admin"),
    "owner": lambda group: group.give_role(group.alice, group.bob, "owner"),
    "added": lambda group: group.add(group.alice, group.mallory),
    "joined": _join,
    "removed": lambda group: group.remove(group.alice, group.dave),
    "left": lambda group: group.leave(group.dave),
    "said": lambda group: group.post(group.dave),
    "reworded": _reword,
    "withdrawn": _withdraw,
    "name": lambda group: edit(group.bob, name="Robert"),
    "username": lambda group: edit(group.bob, username="robert"),
    "avatar": lambda group: edit(group.bob, avatar_url=PICTURE),
    "own name": lambda group: edit(group.carol, name="Caroline"),
    "closed": lambda group: close(group.bob),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_kept_is_not_shown_when_it_is_not_so_any_more(
    group: Group, change: str
) -> None:
    async def ask() -> list[tuple[str, Any]]:
        return await shown(group.house, group.carol, "/conversations", group.path)

    before = await ask()
    assert await ask() == before

    assert (await CHANGES[change](group)).status_code < 300
    after = await ask()

    assert after == await forgetting(group.house, ask)
    for (old_tag, old), (tag, new) in zip(before, after, strict=True):
        assert old != new
        assert old_tag != tag

    await run_jobs(group.house)
    assert await ask() == await forgetting(group.house, ask)


async def test_a_name_that_changes_again_is_shown_whatever_was_told_meanwhile(
    group: Group,
) -> None:
    async def name_of_bob() -> str:
        ((_, opened),) = await shown(group.house, group.carol, group.path)
        names: dict[int, str] = {one["id"]: one["name"] for one in opened["participants"]}
        return names[group.bob.id]

    for name in ("Robert", "Rob", "Bobby"):
        await edit(group.bob, name=name)
        assert await name_of_bob() == name
        if name == "Rob":
            await run_jobs(group.house)
            assert await name_of_bob() == name


async def test_only_what_was_told_is_told(group: Group) -> None:
    """Somebody changes their profile while the job tells of how they looked before."""

    async def untold_since() -> Any:
        async with group.house.session() as session:
            query = select(User.untold_since).where(User.id == group.bob.id)
            return (await session.execute(query)).scalar_one()

    await edit(group.bob, name="Robert")
    first = await untold_since()
    await edit(group.bob, name="Rob")
    second = await untold_since()
    async with group.house.session() as session:
        await members.have_told(session, group.bob.id, first)
    assert await untold_since() == second > first

    await run_jobs(group.house)
    assert await untold_since() is None


# What is somebody's own.


def emails(people: list[dict[str, Any]]) -> dict[str, str | None]:
    return {one["username"]: one["email"] for one in people}


async def test_everybody_is_shown_their_own_email_and_nobody_elses(group: Group) -> None:
    for person in (group.alice, group.bob, group.alice, group.carol):
        (_, (listed,)), (_, opened) = await shown(group.house, person, "/conversations", group.path)
        mine = {person.user.username: person.user.email}
        assert emails(listed["users"]) == dict.fromkeys(group.members) | mine
        assert emails(opened["participants"]) == dict.fromkeys(group.members) | mine


async def test_a_name_like_json_is_no_place_for_an_email(group: Group) -> None:
    trap = f'{{"id":{group.alice.id},"email":null'
    await edit(group.bob, name=trap)
    await edit(group.alice, name=trap)

    ((_, opened),) = await shown(group.house, group.alice, group.path)

    people = {one["username"]: (one["name"], one["email"]) for one in opened["participants"]}
    assert people["alice"] == (trap, "alice@example.com")
    assert people["bob"] == (trap, None)


async def test_ones_new_email_changes_what_one_is_shown(group: Group) -> None:
    async def ask() -> list[tuple[str, Any]]:
        return await shown(group.house, group.alice, "/conversations", group.path)

    before = await ask()
    async with group.house.session() as session:
        await session.execute(
            text("UPDATE users SET email = 'new@example.com' WHERE id = :id"),
            {"id": group.alice.id},
        )
    after = await ask()

    assert emails(after[1][1]["participants"])["alice"] == "new@example.com"
    assert all(old[0] != new[0] for old, new in zip(before, after, strict=True))


async def test_where_emails_are_shown_they_are_shown_as_they_are(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, show_emails=True) as house:
        group = await group_in(house)

        async def ask() -> list[tuple[str, Any]]:
            return await shown(house, group.alice, "/conversations", group.path)

        before = await ask()
        async with house.session() as session:
            await session.execute(
                text("UPDATE users SET email = 'robert@example.com' WHERE id = :id"),
                {"id": group.bob.id},
            )
        after = await ask()

        assert emails(before[1][1]["participants"]) == {
            name: f"{name}@example.com" for name in group.members
        }
        assert emails(after[1][1]["participants"])["bob"] == "robert@example.com"
        assert emails(after[0][1][0]["users"])["bob"] == "robert@example.com"
        assert all(old[0] != new[0] for old, new in zip(before, after, strict=True))


async def test_who_was_removed_is_shown_nothing_of_what_is_kept(group: Group) -> None:
    await shown(group.house, group.dave, "/conversations", group.path)
    await group.remove(group.alice, group.dave)

    assert (await group.dave.client.get("/conversations")).json() == []
    assert refusal(await group.dave.client.get(group.path)) == (404, "not_found")
    assert len((await group.open(group.alice))["participants"]) == 3


# What it costs.


async def cost(house: House, person: Person, path: str, tag: str = "") -> int:
    """Without the question who asks."""
    async with count_queries(house) as queries:
        answer = await person.client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == (304 if tag else 200)
    return len([query for query in queries if "FROM logins" not in query])


@pytest.mark.parametrize("many", [1, 30])
async def test_a_list_costs_two_queries_and_one_when_all_of_it_is_kept(
    house: House, many: int
) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    for _ in range(many):
        await house.message(await house.conversation(alice, bob, carol), bob)

    assert await cost(house, alice, "/conversations") == 2
    assert await cost(house, alice, "/conversations") == 1
    assert await cost(house, bob, "/conversations") == 1, "it is the same for everybody"
    tag = (await alice.client.get("/conversations")).headers["etag"]
    assert await cost(house, alice, "/conversations", tag) == 1


async def test_what_is_known_costs_one_query_whatever_is_kept(group: Group) -> None:
    for path in ("/conversations", group.path):
        tag = (await group.alice.client.get(path)).headers["etag"]
        group.house.state["cards"] = Cards()
        assert await cost(group.house, group.alice, path, tag) == 1


async def test_opening_costs_one_question_when_its_card_and_its_messages_are_kept(
    group: Group,
) -> None:
    first = await cost(group.house, group.alice, group.path)
    assert await cost(group.house, group.bob, group.path) == first - 2 == 1
