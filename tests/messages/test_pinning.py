"""PUT and DELETE /conversations/:id/messages/:message_id/pin, GET /conversations/:id/pins"""

import asyncio
from collections import Counter
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.accounts.links import close
from tests.answers import refusal
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import House, Person
from tests.houses import changed, house_with
from tests.members.groups import Group, group_in
from tests.messages.conftest import Chat, chat_in


async def pin(group: Group | Chat, by: Person, id: int) -> httpx.Response:
    return await by.client.put(f"/conversations/{group.conversation.id}/messages/{id}/pin")


async def unpin(group: Group | Chat, by: Person, id: int) -> httpx.Response:
    return await by.client.delete(f"/conversations/{group.conversation.id}/messages/{id}/pin")


async def pins(group: Group | Chat, by: Person) -> list[dict[str, Any]]:
    answer = await by.client.get(f"/conversations/{group.conversation.id}/pins")
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


async def pinned_ids(group: Group | Chat) -> list[int]:
    return [one["message"]["id"] for one in await pins(group, group.alice)]


async def said(group: Group, count: int = 1) -> list[int]:
    """By Carol, who is a member like any other."""
    return [(await group.post(group.carol, f"Message {n}")).json()["id"] for n in range(count)]


# What they show.


async def test_pins_are_shown_newest_first_with_who_pinned_them_and_when(group: Group) -> None:
    first, second, _ = await said(group, 3)

    assert (await pin(group, group.alice, second)).status_code == 204
    assert (await pin(group, group.bob, first)).status_code == 204

    newest, oldest = await pins(group, group.dave)
    history = {one["id"]: one for one in (await group.open(group.dave))["messages"]}
    for shown, id, by in ((newest, first, group.bob), (oldest, second, group.alice)):
        at = history[id]["pinned_at"]
        assert shown == {"message": history[id], "pinned_by": by.id, "pinned_at": at}
    assert newest["pinned_at"] > oldest["pinned_at"]
    assert [one["pinned_at"] is None for one in history.values()] == [False, False, True]


async def test_what_is_shown_of_a_pin_is_of_who_reads_it(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    await chat.react(id, "👍", chat.bob)
    await pin(chat, chat.alice, id)

    (of_bob,), (of_alice,) = await pins(chat, chat.bob), await pins(chat, chat.alice)

    assert of_bob["message"]["my_reactions"] == ["👍"]
    assert of_alice["message"]["reactions"] == [{"emoji": "👍", "count": 1}]
    assert "my_reactions" not in of_alice["message"]


async def test_everybody_hears_of_pins(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    await pin(chat, chat.bob, id)
    (shown,) = await pins(chat, chat.bob)
    await unpin(chat, chat.alice, id)

    _, pinned, unpinned = await chat.events()

    assert pinned == {
        "type": "message.pinned",
        "conversation_id": chat.conversation.id,
        "seq": 2,
        "at": pinned["at"],
        "message": {"id": id, "pinned_at": shown["pinned_at"]},
        "by": chat.bob.id,
    }
    assert unpinned == {
        "type": "message.unpinned",
        "conversation_id": chat.conversation.id,
        "seq": 3,
        "at": unpinned["at"],
        "message": {"id": id, "pinned_at": None},
        "by": chat.alice.id,
    }


async def test_the_same_again_is_no_news(group: Group) -> None:
    one, other = await said(group, 2)
    await pin(group, group.alice, one)
    before, shown = await group.events(), await pins(group, group.dave)

    assert (await pin(group, group.bob, one)).status_code == 204
    assert (await unpin(group, group.bob, other)).status_code == 204
    assert (await group.events(), await pins(group, group.dave)) == (before, shown)

    assert (await unpin(group, group.bob, one)).status_code == 204
    assert (await pins(group, group.dave), (await group.news())[-1]) == ([], "message.unpinned")


async def test_who_closed_their_account_stays_the_one_who_pinned_it(group: Group) -> None:
    (id,) = await said(group)
    await pin(group, group.alice, id)
    before = await pins(group, group.bob)

    assert (await close(group.alice)).status_code == 204

    assert await pins(group, group.bob) == before
    people = {one["id"]: one["name"] for one in (await group.open(group.bob))["participants"]}
    assert people[before[0]["pinned_by"]] == "Deleted user"


# Who may.


async def test_only_the_owner_and_admins_of_a_group_pin_and_unpin(group: Group) -> None:
    one, other = await said(group, 2)
    for admin in (group.alice, group.bob):
        assert (await pin(group, admin, one)).status_code == 204

    # Also where it would change nothing, and also what they wrote themselves.
    for id in (one, other):
        assert refusal(await pin(group, group.carol, id)) == (403, "admins_only")
        assert refusal(await unpin(group, group.carol, id)) == (403, "admins_only")

    assert await pinned_ids(group) == [one]
    await group.give_role(group.alice, group.carol, "admin")
    assert (await pin(group, group.carol, other)).status_code == 204
    assert (await unpin(group, group.carol, one)).status_code == 204
    assert await pinned_ids(group) == [other]


async def test_both_people_of_a_direct_conversation_pin_and_unpin(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]

    for one, other in ((chat.alice, chat.bob), (chat.bob, chat.alice)):
        assert (await pin(chat, one, id)).status_code == 204
        assert await pinned_ids(chat) == [id]
        assert (await unpin(chat, other, id)).status_code == 204
        assert await pinned_ids(chat) == []


async def test_nobody_pins_what_they_may_not_read(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    elsewhere = await chat.house.conversation(chat.alice, chat.mallory)
    foreign = await chat.house.message(elsewhere, chat.mallory)

    for act in (pin, unpin):
        assert refusal(await act(chat, chat.mallory, id)) == (404, "not_found")
        assert refusal(await act(chat, chat.alice, foreign["id"])) == (404, "not_found")
        assert refusal(await act(chat, chat.alice, 2**63)) == (404, "not_found")
    assert await pinned_ids(chat) == []
    assert (await pin(chat, chat.alice, id)).status_code == 204


# What becomes of them.


async def test_withdrawing_a_message_unpins_it(chat: Chat) -> None:
    kept, gone = [(await chat.post(text)).json()["id"] for text in ("Hello", "Sorry")]
    for id in (kept, gone):
        await pin(chat, chat.bob, id)
    edited = (await chat.edit(gone, "Sorry!")).json()
    assert edited["pinned_at"]

    await chat.withdraw(gone)

    assert await pinned_ids(chat) == [kept]
    assert (await chat.page()).json()["messages"][-1]["pinned_at"] is None
    told = [one["message"] for one in await chat.events() if one["message"]["id"] == gone]
    assert [one["pinned_at"] for one in told if "body" in one] == [None] * 3


async def test_what_is_withdrawn_cannot_be_pinned(chat: Chat) -> None:
    kept, gone = [(await chat.post(text)).json()["id"] for text in ("Hello", "Sorry")]
    await chat.withdraw(gone)

    assert refusal(await pin(chat, chat.alice, gone)) == (409, "message_withdrawn")
    assert (await unpin(chat, chat.alice, gone)).status_code == 204
    assert (await pin(chat, chat.alice, kept)).status_code == 204


async def test_an_edit_keeps_the_pin(chat: Chat) -> None:
    id = (await chat.post("Noon")).json()["id"]
    await pin(chat, chat.bob, id)
    (before,) = await pins(chat, chat.bob)

    edited = (await chat.edit(id, "One")).json()

    assert await pins(chat, chat.bob) == [before | {"message": edited}]
    assert edited["pinned_at"] == before["pinned_at"]
    assert (await chat.events())[-1]["message"] == edited


# How many.


async def test_a_conversation_has_so_many_pins(settings: Settings, engine: AsyncEngine) -> None:
    async with house_with(settings, engine, pins_max=2) as house:
        chat = await chat_in(house)
        first, second, third = [message["id"] for message in await chat.said(3)]
        for id in (first, second, first):
            assert (await pin(chat, chat.alice, id)).status_code == 204

        assert refusal(await pin(chat, chat.alice, third)) == (409, "too_many_pins")
        assert (await pin(chat, chat.bob, first)).status_code == 204
        other = await house.conversation(chat.alice, chat.mallory)
        elsewhere = await house.message(other, chat.alice)
        path = f"/conversations/{other.id}/messages/{elsewhere['id']}/pin"
        assert (await chat.alice.client.put(path)).status_code == 204

        await unpin(chat, chat.alice, first)
        assert (await pin(chat, chat.alice, third)).status_code == 204
        assert await pinned_ids(chat) == [third, second]


async def test_twenty_at_once_are_no_more(settings: Settings, live_house: House) -> None:
    async with serve(changed(settings, pins_max=5)) as house:
        group = await group_in(house)
        ids = await said(group, 20)

        answers = await asyncio.gather(
            *(pin(group, (group.alice, group.bob)[id % 2], id) for id in ids)
        )

        assert Counter(answer.status_code for answer in answers) == {204: 5, 409: 15}
        assert len(await pinned_ids(group)) == 5
        assert (await group.news()).count("message.pinned") == 5


# What they cost.


async def test_pins_cost_a_fixed_number_of_queries(chat: Chat) -> None:
    ids = [message["id"] for message in await chat.said(4)]
    counts = []
    for id in ids:
        async with count_queries(chat.house) as of_a_pin:
            assert (await pin(chat, chat.bob, id)).status_code == 204
        await chat.react(id, "👍", chat.alice)
        async with count_queries(chat.house) as of_all:
            await pins(chat, chat.bob)
        async with count_queries(chat.house) as of_a_page:
            await chat.page()
        counts.append((len(of_a_pin), len(of_all), len(of_a_page)))

    assert len(await pinned_ids(chat)) == 4
    assert set(counts) == {(8, 3, 3)}


async def test_pins_that_are_known_are_not_sent_again(chat: Chat) -> None:
    path = f"/conversations/{chat.conversation.id}/pins"
    id = (await chat.post("Hello")).json()["id"]
    await pin(chat, chat.alice, id)
    tag = (await chat.bob.client.get(path)).headers["etag"]

    async with count_queries(chat.house) as of_a_304:
        known = await chat.bob.client.get(path, headers={"If-None-Match": tag})
    of_alice = await chat.alice.client.get(path, headers={"If-None-Match": tag})

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert not any("FROM messages" in query for query in of_a_304)
    assert of_alice.status_code == 200
    await unpin(chat, chat.alice, id)
    afterwards = await chat.bob.client.get(path, headers={"If-None-Match": tag})
    assert (afterwards.status_code, afterwards.json()) == (200, [])
