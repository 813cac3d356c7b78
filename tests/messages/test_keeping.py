"""Pages of the history that are kept: what they save, and that nobody is shown what was."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import House, Person
from tests.houses import changed, house_with
from tests.members.groups import Group
from tests.messages.conftest import Chat, chat_in
from tests.messages.walking import MessageWalk

STEPS = 16


async def questions(chat: Chat, by: Person, path: str = "", **headers: str) -> list[str]:
    """What Postgres is asked for a page, besides who asks."""
    async with count_queries(chat.house) as queries:
        page = await by.client.get(f"{chat.path}{path}", headers=headers)
    assert page.status_code in (200, 304)
    return [query for query in queries if "FROM logins" not in query]


async def test_a_page_takes_two_questions_and_for_the_next_one_of_them(chat: Chat) -> None:
    await chat.said(3)

    for path in ("", "?before=3", "?after=1&limit=1", "?around=2"):
        door, page = await questions(chat, chat.bob, path)
        assert "participants" in door
        assert "FROM messages" not in door
        assert "FROM messages" in page
        assert await questions(chat, chat.alice, path) == [door]
        assert await questions(chat, chat.bob, path) == [door]


async def test_what_has_not_changed_takes_one_question(chat: Chat) -> None:
    await chat.said(3)
    tag = (await chat.page()).headers["etag"]
    await chat.post("new")
    assert len(await questions(chat, chat.bob, **{"If-None-Match": tag})) == 2

    tag = (await chat.page()).headers["etag"]
    (door,) = await questions(chat, chat.bob, **{"If-None-Match": tag})
    assert "FROM messages" not in door


async def test_a_kept_page_is_the_page(chat: Chat) -> None:
    await chat.said(5)
    first = await chat.page(limit=2, before=4)

    again = await chat.page(limit=2, before=4)

    assert again.content == first.content
    assert again.links == first.links
    assert {"prev", "next"} == set(first.links)


async def test_opening_takes_what_is_kept(chat: Chat) -> None:
    await chat.said(3)
    opened = f"/conversations/{chat.conversation.id}"
    page = (await chat.page()).json()

    async with count_queries(chat.house) as queries:
        answer = await chat.alice.client.get(opened)

    assert answer.json()["messages"] == page["messages"]
    assert not any("ORDER BY message.seq" in query for query in queries)


async def mine(person: Person, path: str) -> list[object]:
    page = (await person.client.get(path)).json()
    return [message.get("my_reactions") for message in page["messages"]]


async def test_whoever_reacted_is_shown_a_page_of_their_own(group: Group) -> None:
    path = f"{group.path}/messages"
    for _ in range(2):
        await group.post(group.alice)
    (one, other) = [one["id"] for one in (await group.alice.client.get(path)).json()["messages"]]
    await group.bob.client.put(f"{path}/{one}/reactions/🎉")
    await group.bob.client.put(f"{path}/{one}/reactions/👍")
    await group.carol.client.put(f"{path}/{other}/reactions/👍")

    for _ in range(2):
        assert await mine(group.dave, path) == [None, None]
        assert await mine(group.bob, path) == [["🎉", "👍"], None]
        assert await mine(group.carol, path) == [None, ["👍"]]
        assert await mine(group.alice, path) == [None, None]

    await group.bob.client.delete(f"{path}/{one}/reactions/🎉")
    assert await mine(group.bob, path) == [["👍"], None]
    assert await mine(group.carol, path) == [None, ["👍"]]


async def test_a_page_of_ones_own_is_kept_too(chat: Chat) -> None:
    (message,) = await chat.said(1)
    await chat.react(message["id"], "👍")

    assert len(await questions(chat, chat.bob)) == 3
    assert len(await questions(chat, chat.bob)) == 1
    assert len(await questions(chat, chat.alice)) == 1


async def test_a_kept_page_opens_no_door(group: Group) -> None:
    path = f"{group.path}/messages"
    await group.post(group.alice)

    async def reads(person: Person) -> httpx.Response:
        return await person.client.get(path)

    for person in (group.alice, group.carol, group.dave):
        assert (await reads(person)).status_code == 200
    assert refusal(await reads(group.mallory)) == (404, "not_found")

    await group.leave(group.carol)
    assert refusal(await reads(group.carol)) == (404, "not_found")
    assert (await reads(group.dave)).status_code == 200, "kept again"
    await group.remove(group.alice, group.dave)
    assert refusal(await reads(group.dave)) == (404, "not_found")
    assert (await reads(group.bob)).status_code == 200, "kept again"
    cookie = group.bob.cookie.partition("=")[2]
    await group.bob.client.delete("/users/sign_out")
    captured = await group.house.client().get(path, headers={"Authorization": f"Bearer {cookie}"})
    assert refusal(captured) == (401, "unauthenticated")
    assert (await reads(group.alice)).status_code == 200


async def test_a_page_that_is_too_long_is_not_kept(chat: Chat) -> None:
    for _ in range(27):
        await chat.post("x" * 10_000)

    for _ in range(2):
        assert len(await questions(chat, chat.bob)) == 2
    assert len(await questions(chat, chat.bob, "?limit=20")) == 2
    assert len(await questions(chat, chat.bob, "?limit=20")) == 1


async def test_nothing_need_be_kept(settings: Settings, engine: AsyncEngine) -> None:
    async with house_with(settings, engine, pages_kept_max_bytes=0) as house:
        chat = await chat_in(house)
        await chat.said(1)

        for _ in range(2):
            assert len(await questions(chat, chat.bob)) == 2


@asynccontextmanager
async def reading_in(house: House, people: list[Person]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The same people, at another worker."""
    clients = [house.client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.headers["Cookie"] = person.cookie
    yield clients
    for client in clients:
        await client.aclose()


async def read(client: httpx.AsyncClient, path: str) -> list[Any]:
    paths = (f"{path}/messages", f"{path}/messages?limit=3&after=2", path, f"{path}/pins")
    answers = [await client.get(each) for each in paths]
    return [(answer.status_code, answer.json(), answer.links) for answer in answers]


async def test_a_worker_never_shows_what_was(settings: Settings, live_house: House) -> None:
    """Whatever was done in another one; and one that keeps nothing shows the same."""
    people = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    walk = MessageWalk(live_house, people, seed=1)
    await walk.begin()
    forgetful = changed(settings, pages_kept_max_bytes=0)
    async with (
        serve(settings) as keeping,
        serve(forgetful) as other,
        reading_in(keeping, people) as keeping_for,
        reading_in(other, people) as other_for,
    ):

        async def all_is_the_same() -> None:
            for client, twin in zip(keeping_for, other_for, strict=True):
                assert await read(client, walk.path) == await read(twin, walk.path)

        await all_is_the_same()
        await walk.everything_once()
        await all_is_the_same()
        for _ in range(STEPS):
            await walk.step(1)
            await all_is_the_same()
