"""`reply_to`: a message that answers another, and shows it in short."""

import asyncio

import httpx
import pytest

from app.messages.schemas import QUOTE_MAX_CHARACTERS
from tests.answers import refusal
from tests.counting import count_queries
from tests.messages.conftest import Chat
from tests.messages.locks import held, waiting
from tests.messages.test_withdrawing import WORDS, tables_that_say


async def reply(chat: Chat, to: object, body: str = "Indeed", **fields: object) -> httpx.Response:
    draft = {"body": body, "reply_to": to} | fields
    return await chat.bob.client.post(chat.path, json=draft)


async def test_a_reply_shows_what_it_replies_to(chat: Chat) -> None:
    posted = (await chat.post("Nice weather")).json()

    replied = await reply(chat, posted["id"])

    assert replied.status_code == 201
    place = {"id": posted["id"], "seq": posted["seq"]}
    quote = place | {"user_id": chat.alice.id, "body": "Nice weather"}
    assert replied.json()["reply_to"] == quote
    original, shown = (await chat.page()).json()["messages"]
    assert shown == replied.json()
    assert original == posted | {"replies_count": 1}
    *_, event = await chat.events()
    assert (event["type"], event["message"]) == ("message.created", replied.json())


@pytest.mark.parametrize("body", ["🙂" * 300, '"\\\n\x01é' * 60, "  x" * 99])
async def test_a_quote_is_the_first_characters(chat: Chat, body: str) -> None:
    posted = (await chat.post(body)).json()

    replied = (await reply(chat, posted["id"])).json()

    assert replied["reply_to"]["body"] == body[:QUOTE_MAX_CHARACTERS]
    assert (await chat.page()).json()["messages"][-1] == replied


async def test_a_quote_is_of_what_a_message_says_now(chat: Chat) -> None:
    posted = (await chat.post("Nice weather")).json()
    await reply(chat, posted["id"])
    edited = (await chat.edit(posted["id"], "Bad weather")).json()

    _, shown = (await chat.page()).json()["messages"]
    later = (await reply(chat, posted["id"])).json()

    assert edited["replies_count"] == 1
    assert shown["reply_to"]["body"] == later["reply_to"]["body"] == "Bad weather"


async def test_a_quote_never_shows_what_was_withdrawn(chat: Chat) -> None:
    posted = (await chat.post(f"1 {WORDS}")).json()
    first = (await reply(chat, posted["id"])).json()
    await chat.edit(posted["id"], f"2 {WORDS}")
    await reply(chat, posted["id"], "Really?")
    await chat.edit(first["id"], "Indeed!", chat.bob)
    gone = (await reply(chat, posted["id"], "Never mind")).json()
    await chat.edit(gone["id"], "Never mind me", chat.bob)
    await chat.withdraw(gone["id"], chat.bob)
    assert await tables_that_say(chat.house, WORDS) == {"messages", "message_versions", "events"}

    await chat.withdraw(posted["id"])

    assert await tables_that_say(chat.house, WORDS) == set()
    _, *shown, _ = (await chat.page()).json()["messages"]
    silent = {"id": posted["id"], "seq": posted["seq"], "user_id": chat.alice.id, "body": ""}
    assert [(one["body"], one["reply_to"]) for one in shown] == [
        ("Indeed!", silent),
        ("Really?", silent),
    ]
    later = await reply(chat, posted["id"], "What was that?")
    assert later.json()["reply_to"] == silent


async def test_a_reply_that_is_withdrawn_is_none_any_more(chat: Chat) -> None:
    posted = (await chat.post("Nice weather")).json()
    await reply(chat, posted["id"])
    replied = (await reply(chat, posted["id"])).json()

    await chat.withdraw(replied["id"], chat.bob)

    original, _, tombstone = (await chat.page()).json()["messages"]
    assert original["replies_count"] == 1
    assert tombstone["reply_to"] is None
    *_, event = await chat.events()
    assert event["replied_to"] == {"id": posted["id"], "replies_count": 1}
    assert event["message"] == tombstone


async def test_a_reply_is_to_a_message_of_the_same_conversation(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    other = await chat.house.conversation(chat.alice, chat.mallory)
    elsewhere = await chat.house.message(other, chat.alice, "Secret")

    for id in (elsewhere["id"], posted["id"] + 100, 0, -1, 2**63, 10**30):
        assert refusal(await reply(chat, id)) == (422, "reply_to_unknown")
    for id in ("1", 1.5, True, [], {}):
        assert refusal(await reply(chat, id)) == (422, "reply_to_not_an_integer")
    assert (await reply(chat, posted["id"])).status_code == 201
    assert (await reply(chat, None)).json()["reply_to"] is None


async def test_the_same_key_with_another_reply_is_a_conflict(chat: Chat) -> None:
    one, other = [(await chat.post(body)).json()["id"] for body in ("one", "other")]
    first = await reply(chat, one, client_id="k")

    again = await reply(chat, one, client_id="k")
    another = await reply(chat, other, client_id="k")

    assert (again.status_code, again.json()) == (200, first.json())
    assert refusal(another) == (409, "idempotency_key_reuse")


async def test_replies_cost_a_fixed_number_of_queries(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    counts = []
    for number in range(1, 4):
        async with count_queries(chat.house) as of_a_reply:
            await reply(chat, posted["id"], str(number))
        async with count_queries(chat.house) as of_a_page:
            assert (await chat.page()).json()["messages"][0]["replies_count"] == number
        counts.append((len(of_a_reply), len(of_a_page)))

    assert set(counts) == {(3, 3)}


async def test_words_withdrawn_while_a_reply_waits_are_in_no_quote(live_chat: Chat) -> None:
    posted = (await live_chat.post(WORDS)).json()
    house = live_chat.house

    async with held(house, live_chat.conversation):
        withdrawing = asyncio.create_task(live_chat.withdraw(posted["id"]))
        await waiting(house, 1)
        replying = asyncio.create_task(reply(live_chat, posted["id"]))
        await waiting(house, 2)

    assert (await withdrawing).status_code == 204
    assert (await replying).json()["reply_to"]["body"] == ""
    assert await tables_that_say(house, WORDS) == set()
