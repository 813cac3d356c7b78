"""GET /conversations"""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House, Person
from tests.preferences.own import edit


async def listed(person: Person, **query: object) -> list[int]:
    params = {name: str(value) for name, value in query.items()}
    answer = await person.client.get("/conversations", params=params)
    assert answer.status_code == 200, answer.text
    return [conversation["id"] for conversation in answer.json()]


async def talks_of(house: House, person: Person, count: int) -> list[int]:
    """So many groups, the most recently active first."""
    others = [await house.person(), await house.person()]
    groups = [await house.conversation(person, *others) for _ in range(count)]
    for group in groups:
        await house.message(group, person)
    return [group.id for group in reversed(groups)]


async def test_the_list_shows_each_conversation_with_its_people(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob", name=None)
    conversation = await house.conversation(alice, bob)

    answer = await alice.client.get("/conversations")

    assert answer.status_code == 200
    (shown,) = answer.json()
    assert {name: shown[name] for name in ("id", "title", "group", "users")} == {
        "id": conversation.id,
        "title": None,
        "group": False,
        "users": [
            {
                "id": alice.id,
                "email": "alice@example.com",
                "username": "alice",
                "name": "Alice",
                "avatar_url": None,
                "role": "member",
                "joined_at": shown["created_at"],
            },
            {
                "id": bob.id,
                "email": None,
                "username": "bob",
                "name": None,
                "avatar_url": None,
                "role": "member",
                "joined_at": shown["created_at"],
            },
        ],
    }
    assert shown["updated_at"].endswith("Z")
    assert len(shown["updated_at"]) == len("2024-01-01T00:00:00.000000Z")


async def test_only_ones_own_are_listed(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    mine, theirs = await house.conversation(alice, bob), await house.conversation(bob, carol)

    assert await listed(alice) == [mine.id]
    assert await listed(carol) == [theirs.id]
    assert set(await listed(bob)) == {mine.id, theirs.id}


async def test_those_who_ask_at_once_are_each_shown_their_own(live_house: House) -> None:
    """They share questions: three people, some twice, with other filters and lengths."""
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    with_bob = await live_house.conversation(alice, bob)
    with_carol = await live_house.conversation(alice, carol)
    await edit(alice, with_bob, archived=True)

    wanted: list[tuple[Person, dict[str, object], list[int]]] = [
        (alice, {}, [with_carol.id, with_bob.id]),
        (alice, {"limit": 1}, [with_carol.id]),
        (alice, {"archived": True}, [with_bob.id]),
        (alice, {"favourite": True}, []),
        (bob, {}, [with_bob.id]),
        (bob, {"archived": True}, []),
        (carol, {}, [with_carol.id]),
    ] * 10
    answers = await asyncio.gather(*(listed(person, **query) for person, query, _ in wanted))

    assert answers == [ids for _, _, ids in wanted]


async def test_nobody_has_no_list(house: House) -> None:
    assert refusal(await house.client().get("/conversations")) == (401, "unauthenticated")


async def test_a_message_moves_its_conversation_up(house: House) -> None:
    alice = await house.person("alice")
    newest_first = await talks_of(house, alice, 3)
    assert await listed(alice) == newest_first

    oldest = newest_first[-1]
    posted = await alice.client.post(f"/conversations/{oldest}/messages", json={"body": "Hello"})

    assert await listed(alice) == [oldest, *newest_first[:-1]]
    shown = (await alice.client.get("/conversations")).json()[0]
    assert shown["updated_at"] == posted.json()["created_at"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_visit_each_conversation_once_there_and_back(house: House, size: int) -> None:
    alice = await house.person("alice")
    newest_first = await talks_of(house, alice, 7)

    page = await alice.client.get("/conversations", params={"limit": size})
    forwards = [conversation["id"] for conversation in page.json()]
    while link := page.links.get("next"):
        page = await alice.client.get(link["url"])
        forwards += [conversation["id"] for conversation in page.json()]
        assert len(forwards) <= 7, "it goes round and round"
    backwards = [conversation["id"] for conversation in page.json()]
    while link := page.links.get("prev"):
        page = await alice.client.get(link["url"])
        backwards = [conversation["id"] for conversation in page.json()] + backwards
        assert len(backwards) <= 7, "it goes round and round"

    assert forwards == backwards == newest_first


async def test_pages_visit_conversations_of_one_time_once(house: House) -> None:
    """None has a message, and all began in one transaction."""
    alice = await house.person("alice")
    others = [await house.person(), await house.person()]
    ids = {(await house.conversation(alice, *others)).id for _ in range(5)}

    page = await alice.client.get("/conversations?limit=2")
    walked = [conversation["id"] for conversation in page.json()]
    while link := page.links.get("next"):
        page = await alice.client.get(link["url"])
        walked += [conversation["id"] for conversation in page.json()]
        assert len(walked) <= 5, "it goes round and round"

    assert len(walked) == 5
    assert set(walked) == ids


async def test_a_conversation_that_moves_up_is_not_shown_twice(house: House) -> None:
    alice = await house.person("alice")
    newest_first = await talks_of(house, alice, 4)
    page = await alice.client.get("/conversations?limit=2")

    await alice.client.post(f"/conversations/{newest_first[0]}/messages", json={"body": "x"})
    page = await alice.client.get(page.links["next"]["url"])

    assert [conversation["id"] for conversation in page.json()] == newest_first[2:]


async def test_links_are_given_only_where_there_is_something(house: House) -> None:
    alice = await house.person("alice")
    await talks_of(house, alice, 3)

    async def rels(query: str) -> set[str | None]:
        return set((await alice.client.get(f"/conversations{query}")).links)

    assert await rels("") == set()
    assert await rels("?limit=3") == set()
    assert await rels("?limit=2") == {"next"}
    first = await alice.client.get("/conversations?limit=1")
    second = await alice.client.get(first.links["next"]["url"])
    assert set(second.links) == {"prev", "next"}
    assert "localhost" not in second.headers["link"]


async def test_without_a_limit_all_are_listed(house: House) -> None:
    alice = await house.person("alice")
    others = [await house.person(), await house.person()]
    for _ in range(205):
        await house.conversation(alice, *others)

    assert len(await listed(alice)) == 205
    assert len(await listed(alice, limit=500)) == 200
    assert len(await listed(alice, limit=0)) == 50
    assert len(await listed(alice, limit=-5)) == 50
    assert len(await listed(alice, limit="")) == 205


async def test_all_are_a_thousand_at_most(house: House) -> None:
    alice = await house.person("alice")
    async with house.session() as session:
        await session.execute(
            text("""
                WITH many AS (
                    INSERT INTO conversations ("group")
                    SELECT true FROM generate_series(1, 1001) RETURNING id
                )
                INSERT INTO participants (conversation_id, user_id) SELECT id, :id FROM many
            """),
            {"id": alice.id},
        )

    page = await alice.client.get("/conversations")
    rest = await alice.client.get(page.links["next"]["url"])

    assert len(page.json()) == 1_000
    assert len(rest.json()) == 1


@pytest.mark.parametrize("limit", ["abc", "1.5", "٤٢"])
async def test_a_limit_that_is_no_number_is_refused(house: House, limit: str) -> None:
    alice = await house.person("alice")

    answer = await alice.client.get("/conversations", params={"limit": limit})

    assert refusal(answer) == (422, "limit_not_an_integer")


@pytest.mark.parametrize(
    "cursor",
    ["x", "1", "====", "bm9uc2Vuc2U", "W10", "WzEsMiwzXQ", "WyJ4IiwxLGZhbHNlXQ", "ünïcode", "\0"],
)
async def test_a_cursor_that_we_did_not_make_is_refused(house: House, cursor: str) -> None:
    alice = await house.person("alice")

    answer = await alice.client.get("/conversations", params={"cursor": cursor})

    assert refusal(answer) == (422, "cursor_invalid")


async def test_a_long_list_costs_no_more_queries_than_a_short_one(house: House) -> None:
    alice = await house.person("alice")

    async def cost(path: str) -> int:
        async with count_queries(house) as queries:
            assert (await alice.client.get(path)).status_code == 200
        return len(queries)

    await talks_of(house, alice, 1)
    of_one = await cost("/conversations"), await cost("/conversations?limit=200")
    await talks_of(house, alice, 29)
    of_thirty = await cost("/conversations"), await cost("/conversations?limit=200")

    assert len(await listed(alice)) == 30
    assert of_one == of_thirty
    assert max(of_thirty) <= 5


# What was said last.


async def last(person: Person) -> list[dict[str, object] | None]:
    return [one["last_message"] for one in (await person.client.get("/conversations")).json()]


async def test_the_list_shows_what_was_said_last(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    direct = await house.conversation(alice, bob)
    await house.conversation(alice, carol)
    await house.message(direct, alice, "First")
    newest = await house.message(direct, bob, "é" * 200)

    said, unsaid = await last(alice)

    assert said == {
        "id": newest["id"],
        "seq": newest["seq"],
        "created_at": newest["created_at"],
        "user_id": bob.id,
        "body": "é" * 140,
        "withdrawn_at": None,
    }
    assert unsaid is None


async def test_what_was_withdrawn_is_still_the_last_without_its_words(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    message = await house.message(conversation, bob, "Secret")
    tag = (await alice.client.get("/conversations")).headers["etag"]

    await bob.client.delete(f"/conversations/{conversation.id}/messages/{message['id']}")
    answer = await asked_again(alice, tag)

    assert answer.status_code == 200, "it is known by its old words"
    (shown,) = [one["last_message"] for one in answer.json()]
    assert (shown["id"], shown["body"]) == (message["id"], "")
    assert shown["withdrawn_at"]


async def test_one_who_starts_it_again_is_shown_what_was_said_last(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    newest = await house.message(await house.conversation(alice, bob), bob)

    again = await alice.client.post("/conversations", json={"participant_ids": [bob.id]})

    assert again.json()["last_message"]["id"] == newest["id"]


# Caching.


async def asked_again(person: Person, tag: str) -> httpx.Response:
    return await person.client.get("/conversations", headers={"If-None-Match": tag})


async def test_a_list_that_is_known_is_not_sent_again(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    await house.conversation(alice, bob)
    first = await alice.client.get("/conversations")

    again = await asked_again(alice, first.headers["etag"])

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    for answer in (first, again):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Cookie, Authorization"


async def test_whatever_changes_the_list_changes_its_tag(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    conversation = await house.conversation(alice, bob)
    tags = [(await alice.client.get("/conversations")).headers["etag"]]

    await bob.client.patch("/users/me", json={"name": "Robert"})
    tags.append((await asked_again(alice, tags[-1])).headers["etag"])
    await house.message(conversation, bob)
    tags.append((await asked_again(alice, tags[-1])).headers["etag"])
    await house.conversation(carol, alice)
    tags.append((await asked_again(alice, tags[-1])).headers["etag"])

    assert len(set(tags)) == 4
    assert (await asked_again(alice, tags[-1])).status_code == 304


async def test_no_answer_of_the_list_asks_for_messages(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    await house.message(await house.conversation(alice, bob), alice)
    tag = (await alice.client.get("/conversations")).headers["etag"]

    async with count_queries(house) as queries:
        assert (await asked_again(alice, tag)).status_code == 304

    assert not any("FROM messages" in query for query in queries)
