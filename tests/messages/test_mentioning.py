"""`@username` and `@everyone` in what is said."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.messages.schemas import CALL_EVERYONE_MAX
from tests.counting import count_queries
from tests.factories import House, Person
from tests.members.groups import Group
from tests.messages.conftest import Chat

# Shape: (what is said in a group of Alice, Bob, Carol and Dave, who of them is named)
SAID = [
    ("@bob", "bob"),
    ("Hello @bob.", "bob"),
    ("(@bob), @Carol!", "bob carol"),
    ("@BOB and @bob", "bob"),
    ("@dave_, @dave-.", "dave"),
    ("@bob's", "bob"),
    ("é @bob\n@carol", "bob carol"),
    ("bob", ""),
    ("bob@carol.example", ""),
    ("me@bob", ""),
    ("@@bob", ""),
    ("@ bob", ""),
    ("@bobby", ""),
    ("@mallory", ""),
    ("@alice", ""),
    ("@", ""),
    ("@" * 5_000, ""),
    ("@" + "x" * 9_000, ""),
    (" ".join(f"@nobody{n}" for n in range(900)), ""),
    ("@%", ""),
]


async def told(house: House, person: Person) -> list[dict[str, Any]]:
    """What somebody's own log says of mentions."""
    query = text("""
        SELECT data::jsonb AS data FROM events
        WHERE topic = :topic AND name = 'mention.created' ORDER BY seq
    """)
    async with house.session() as session:
        rows = await session.execute(query, {"topic": f"user:{person.id}"})
        return [row.data for row in rows]


async def edit(group: Group, id: int, body: str) -> dict[str, Any]:
    edited = await group.alice.client.patch(f"{group.path}/messages/{id}", json={"body": body})
    message: dict[str, Any] = edited.json()
    return message


async def last(group: Group) -> dict[str, Any]:
    message: dict[str, Any] = (await group.open(group.bob))["messages"][-1]
    return message


@pytest.mark.parametrize(("body", "names"), SAID, ids=range(len(SAID)))
async def test_those_who_are_named_are_mentioned(group: Group, body: str, names: str) -> None:
    posted = (await group.post(group.alice, body)).json()

    assert posted["mentions"] == sorted(group.members[name].id for name in names.split())
    assert posted["mentions_everyone"] is False
    assert posted == await last(group)
    for name, person in group.members.items():
        assert len(await told(group.house, person)) == names.split().count(name)
    assert await told(group.house, group.mallory) == []


async def test_a_username_may_end_as_a_sentence_does(group: Group) -> None:
    for username in ("carol.", "dave-x"):
        member = group.carol if username == "carol." else group.dave
        async with group.house.session() as session:
            renamed = text("UPDATE users SET username = :name WHERE id = :id")
            await session.execute(renamed, {"name": username, "id": member.id})

    posted = (await group.post(group.alice, "@carol. @Dave-X.")).json()

    assert posted["mentions"] == [group.carol.id, group.dave.id]
    assert (await group.post(group.alice, "@carol @dave")).json()["mentions"] == []


async def test_somebody_hears_on_their_own_that_they_are_mentioned(group: Group) -> None:
    cursor = (await group.bob.client.get("/events")).json()["cursor"]

    posted = (await group.post(group.alice, "Hello @bob")).json()

    page = (await group.bob.client.get("/events", params={"since": cursor})).json()
    heard = [event for event in page["events"] if event["type"] == "mention.created"]
    about = {key: posted[key] for key in ("id", "conversation_id", "seq")}
    assert [(one["message"], one["by"]) for one in heard] == [(about, group.alice.id)]
    assert await told(group.house, group.bob) == [{"message": about, "by": group.alice.id}]


async def test_an_edit_tells_those_who_were_not_mentioned_before(group: Group) -> None:
    posted = (await group.post(group.alice, "@bob")).json()

    edited = await edit(group, posted["id"], "@bob @carol")
    again = await edit(group, posted["id"], "@carol")

    assert edited["mentions"] == [group.bob.id, group.carol.id]
    assert again["mentions"] == [group.carol.id] == (await last(group))["mentions"]
    for person in (group.bob, group.carol):
        assert len(await told(group.house, person)) == 1


async def test_what_is_withdrawn_mentions_nobody(group: Group) -> None:
    posted = (await group.post(group.alice, "@bob @everyone")).json()
    assert (posted["mentions"], posted["mentions_everyone"]) == ([group.bob.id], True)

    await group.alice.client.delete(f"{group.path}/messages/{posted['id']}")

    shown = [await last(group)]
    shown += [event["message"] for event in await group.events() if "message" in event]
    assert len(shown) == 3
    for message in shown:
        assert (message["mentions"], message["mentions_everyone"]) == ([], False)


async def test_a_name_that_is_changed_later_mentions_who_had_it(group: Group) -> None:
    posted = (await group.post(group.alice, "@bob")).json()
    renamed = await group.bob.client.patch("/users/me", json={"username": "robert"})
    assert renamed.status_code == 200

    assert (await last(group))["mentions"] == posted["mentions"] == [group.bob.id]


async def test_the_same_draft_again_mentions_nobody_again(group: Group) -> None:
    first = await group.post(group.alice, "@bob", client_id="k")

    again = await group.post(group.alice, "@bob", client_id="k")

    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await told(group.house, group.bob)) == 1


async def test_in_a_big_group_only_those_who_lead_it_call_everyone(group: Group) -> None:
    people = [await group.house.person() for _ in range(CALL_EVERYONE_MAX - 4)]
    await group.add(group.alice, *people)
    small = [(await group.post(by, "@Everyone!")).json() for by in (group.carol, group.bob)]

    await group.add(group.alice, group.mallory)
    big = [
        (await group.post(by, "@everyone")).json() for by in (group.carol, group.bob, group.alice)
    ]

    assert [message["mentions_everyone"] for message in small] == [True, True]
    assert [message["mentions_everyone"] for message in big] == [False, True, True]


async def test_posting_costs_more_queries_only_where_somebody_is_named(group: Group) -> None:
    counts = []
    for body in ("Hello", "@bob", "@bob @carol @dave", "@everyone"):
        async with count_queries(group.house) as queries:
            assert (await group.post(group.alice, body)).status_code == 201
        counts.append(len(queries))

    assert counts == [2, 3, 3, 4]


async def test_mentions_at_once_all_arrive(live_chat: Chat) -> None:
    """In two conversations, each of many writers: they wait for each other on one log."""
    other = await live_chat.house.conversation(live_chat.mallory, live_chat.bob)
    theirs = f"/conversations/{other.id}/messages"

    answers = await asyncio.gather(
        *(live_chat.post(f"@bob {number}") for number in range(10)),
        *(
            live_chat.mallory.client.post(theirs, json={"body": f"@bob {number}"})
            for number in range(10)
        ),
    )

    assert {answer.status_code for answer in answers} == {201}
    heard = await told(live_chat.house, live_chat.bob)
    assert {one["message"]["id"] for one in heard} == {one.json()["id"] for one in answers}
    assert len(heard) == 20
