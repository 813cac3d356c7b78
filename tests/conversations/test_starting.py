"""POST /conversations"""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.models import Conversation, User
from tests.answers import read_error, refusal
from tests.factories import House, Person


async def start(starter: Person, *people: Person | object, **fields: Any) -> httpx.Response:
    ids = [one.id if isinstance(one, Person) else one for one in people]
    return await starter.client.post("/conversations", json={"participant_ids": ids} | fields)


async def crowd(house: House, size: int) -> list[int]:
    """So many people, without the trouble of signing each of them in."""
    async with house.session() as session:
        users = [User(email=f"{n}@crowd.example", encrypted_password="!") for n in range(size)]
        session.add_all(users)
        await session.flush()
        return [user.id for user in users]


async def test_two_people_start_a_direct_conversation(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    started = await start(alice, bob)

    assert started.status_code == 201
    conversation = started.json()
    assert isinstance(conversation["id"], int)
    assert conversation["title"] is None
    assert conversation["group"] is False
    assert [user["username"] for user in conversation["users"]] == ["alice", "bob"]


async def test_a_direct_conversation_is_there_once_for_both(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    first = await start(alice, bob)

    answers = [await start(alice, bob), await start(bob, alice), await start(alice, alice, bob)]

    for answer in answers:
        assert answer.status_code == 201
        assert answer.json()["id"] == first.json()["id"]


async def test_a_direct_conversation_with_somebody_else_is_another(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    with_bob, with_carol = await start(alice, bob), await start(alice, carol)

    assert with_bob.json()["id"] != with_carol.json()["id"]


async def test_a_direct_conversation_has_no_title(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    assert (await start(alice, bob, title="Us")).json()["title"] is None
    assert (await start(bob, alice, title="Us two")).json()["title"] is None


async def test_twenty_at_once_find_one_direct_conversation(live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")

    answers = await asyncio.gather(
        *(start(*pair) for pair in ((alice, bob), (bob, alice)) * 10),
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert {len(answer.json()["users"]) for answer in answers} == {2}
    async with live_house.session() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1


async def test_three_people_make_a_group(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    started = await start(alice, bob, carol)

    assert started.status_code == 201
    assert started.json()["group"] is True
    assert started.json()["title"] == "Group Chat"
    assert [user["id"] for user in started.json()["users"]] == [alice.id, bob.id, carol.id]


async def test_a_group_may_have_a_title(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    assert (await start(alice, bob, carol, title="  Lunch \n 🍜 ")).json()["title"] == "Lunch 🍜"
    for nothing in (None, "", "  ", "\u200b"):
        untitled = await start(alice, bob, carol, title=nothing)
        assert untitled.json()["title"] == "Group Chat"


async def test_two_groups_of_the_same_people_are_two(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    one, other = await start(alice, bob, carol), await start(alice, bob, carol)

    assert one.json()["id"] != other.json()["id"]


async def test_a_group_is_not_the_direct_conversation(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    direct, group = await start(alice, bob), await start(alice, bob, carol)

    assert direct.json()["id"] != group.json()["id"]


async def test_the_starter_always_takes_part(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    for people in ((bob, carol), (alice, bob, carol), (bob, bob, carol, alice, carol)):
        started = await start(alice, *people)
        assert [user["id"] for user in started.json()["users"]] == [alice.id, bob.id, carol.id]


async def test_ids_may_be_strings_of_digits(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    started = await start(alice, str(bob.id), carol.id)

    assert started.status_code == 201
    assert [user["id"] for user in started.json()["users"]] == [alice.id, bob.id, carol.id]


@pytest.mark.parametrize(
    "id",
    ["x", "", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x1", "٤٢", "4_2", 1.5, True, None, [], {}],
)
async def test_what_is_no_id_is_refused(house: House, id: object) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    refused = await start(alice, bob, id)

    assert refusal(refused) == (422, "participant_ids_not_an_integer")


@pytest.mark.parametrize("id", [0, -1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**400, "9" * 19])
async def test_an_id_that_is_nobodys_is_refused(house: House, id: object) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    refused = await start(alice, bob, id)
    welcome = await start(alice, bob)

    assert refusal(refused) == (422, "participant_ids_unknown")
    assert welcome.status_code == 201


async def test_a_conversation_needs_somebody_else(house: House) -> None:
    alice = await house.person("alice")

    for alone in ((), (alice,), (alice, alice), (str(alice.id),)):
        assert refusal(await start(alice, *alone)) == (422, "participant_ids_blank")


@pytest.mark.parametrize("ids", [None, 1, "1,2", {"0": 1}, True])
async def test_the_participants_are_a_list(house: House, ids: object) -> None:
    alice = await house.person("alice")

    refused = await alice.client.post("/conversations", json={"participant_ids": ids})
    missing = await alice.client.post("/conversations", json={"title": "x"})

    assert refusal(refused) == (422, "participant_ids_not_a_list")
    assert refusal(missing) == (422, "participant_ids_blank")


async def test_a_thousand_people_may_talk(house: House) -> None:
    alice, others = await house.person("alice"), await crowd(house, 1_000)

    fits = await start(alice, *others[:999])
    too_many = await start(alice, *others, others[0] + 5_000)

    assert fits.status_code == 201
    assert len(fits.json()["users"]) == 1_000
    assert refusal(too_many) == (422, "participant_ids_too_many")


async def test_one_mistake_is_told_however_many_there_are(house: House) -> None:
    """A request has room for half a million, and the answer to them all took 28 seconds."""
    alice, bob = await house.person("alice"), await house.person("bob")

    mistaken = await start(alice, bob.id, "x", "y", [])

    assert list(read_error(mistaken)["fields"]) == ["participant_ids.1"]
    assert (await start(alice, *[bob.id] * 10_000)).status_code == 201, "once is enough"
    many_times = await start(alice, *[bob.id] * 10_001)
    assert refusal(many_times) == (422, "participant_ids_too_many")


async def test_a_thousand_includes_the_starter(house: House) -> None:
    alice, others = await house.person("alice"), await crowd(house, 1_000)

    assert refusal(await start(alice, *others)) == (422, "participant_ids_too_many")


async def test_a_title_has_up_to_200_characters(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]

    fits = await start(alice, bob, carol, title=" " + "🙂" * 200 + " ")
    too_long = await start(alice, bob, carol, title="x" * 201)
    number = await start(alice, bob, carol, title=5)

    assert fits.json()["title"] == "🙂" * 200
    assert refusal(too_long) == (422, "title_too_long")
    assert refusal(number) == (422, "title_not_a_string")


async def test_nobody_cannot_start_anything(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    body = {"participant_ids": [alice.id, bob.id]}

    assert refusal(await house.client().post("/conversations", json=body)) == (
        401,
        "unauthenticated",
    )
    assert (await alice.client.get("/conversations")).json() == []


async def test_a_refusal_leaves_nothing_behind(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    await start(alice, bob, 2**40)

    assert (await alice.client.get("/conversations")).json() == []
    assert (await bob.client.get("/conversations")).json() == []
