"""POST /conversations/:id/messages"""

import unicodedata

import pytest

from tests.answers import read_error, refusal
from tests.factories import House
from tests.messages.conftest import Chat

INVISIBLE = {
    "nothing": "",
    "spaces": "   ",
    "line feeds": "\r\n\t\v\f",
    "no-break spaces": "\xa0\u202f\u2007",
    "an ideographic space": "\u3000",
    "zero widths": "\u200b\u200c\u200d\ufeff\u2060",
    "direction marks": "\u200e\u200f\u202e\u2066\u2069",
    "a soft hyphen": "\xad",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "the empty Braille pattern": "\u2800",
    "variation selectors": "\ufe0f \ufe0e",
    "line and paragraph separators": "\u2028\u2029",
    "controls": "\x01\x1f\x7f\x85",
    "tags": "\U000e0001\U000e0020\U000e007f",
}

KEPT = {
    "white space around it": "  Hello \n\n\tBob \r\n",
    "an emoji family": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "combining marks, decomposed": "e\u0301 n\u0303 a\u030a",
    "composed letters": "\xe9 \xf1 \xe5",
    "a compatibility character": "\ufb01 \u2460 \uff21",
    "right to left": "\u202bשלום עליכם\u202c مرحبا",
    "beyond the first plane": "𝕳𝖊𝖑𝖑𝖔 𓀀",
    "markup": "<script>alert('&amp;')</script>",
    "quotes and backslashes": "\"'\\\\ \\n %s ${x} {{x}}",
    "a zero width inside": "zero\u200bwidth",
    "many combining marks": "Z" + "\u0323\u0301" * 50,
    "one letter": "x",
}


async def test_a_message_is_posted_and_read_by_the_other(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    path = f"/conversations/{conversation.id}/messages"

    posted = await alice.client.post(path, json={"body": "Hello, Bob! Do you hear me?"})

    assert posted.status_code == 201
    message = posted.json()
    assert message["body"] == "Hello, Bob! Do you hear me?"
    assert message["user_id"] == alice.id
    assert message["seq"] == 1
    assert message["created_at"] == message["updated_at"]
    read = await bob.client.get(path)
    assert read.json()["messages"] == [message]


async def test_a_message_has_every_documented_field(chat: Chat) -> None:
    message = (await chat.post("Hello", client_id="k1")).json()

    assert message == {
        "id": message["id"],
        "conversation_id": chat.conversation.id,
        "user_id": chat.alice.id,
        "seq": 1,
        "body": "Hello",
        "client_id": "k1",
        "created_at": message["created_at"],
        "updated_at": message["created_at"],
        "mentions": [],
        "mentions_everyone": False,
        "edited_at": None,
        "withdrawn_at": None,
        "pinned_at": None,
        "reply_to": None,
        "attachments": [],
        "replies_count": 0,
        "reactions": [],
    }
    assert isinstance(message["id"], int)


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
async def test_a_text_is_stored_exactly_as_it_was_sent(chat: Chat, body: str) -> None:
    posted = await chat.post(body)

    assert posted.json()["body"] == body
    read = await chat.page()
    assert read.json()["messages"][0]["body"] == body


@pytest.mark.parametrize("body", INVISIBLE.values(), ids=INVISIBLE)
async def test_a_text_that_shows_nothing_is_blank(chat: Chat, body: str) -> None:
    refused = await chat.post(body)
    welcome = await chat.post(body + "x")

    assert refusal(refused) == (422, "body_blank")
    assert refused.json()["errors"] == ["Body can't be blank"]
    assert refused.json()["fields"] == {"body": ["can't be blank"]}
    assert welcome.status_code == 201


async def test_the_limit_counts_code_points(chat: Chat) -> None:
    longest = "🙂" * 10_000

    fits = await chat.post(longest)
    too_long = await chat.post(longest + "x")

    assert fits.status_code == 201
    assert fits.json()["body"] == longest
    assert refusal(too_long) == (422, "body_too_long")
    assert too_long.json()["errors"] == ["Body is too long (maximum is 10,000 characters)"]


async def test_the_limit_counts_combining_marks(chat: Chat) -> None:
    accented = unicodedata.normalize("NFD", "é") * 5_000

    assert (await chat.post(accented)).status_code == 201
    assert refusal(await chat.post(accented + "é")) == (422, "body_too_long")


async def test_the_limit_counts_the_trimmed_text(chat: Chat) -> None:
    padded = "  \n" + "x" * 10_000 + "\t  "

    posted = await chat.post(padded)

    assert posted.status_code == 201
    assert posted.json()["body"] == padded


@pytest.mark.parametrize("body", [None, 1, 1.5, True, [], ["x"], {}, {"x": 1}])
async def test_only_a_string_is_a_text(chat: Chat, body: object) -> None:
    refused = await chat.post(body)

    assert refusal(refused) == (422, "body_not_a_string")


async def test_a_message_needs_a_text(chat: Chat) -> None:
    refused = await chat.alice.client.post(chat.path, json={"text": "Hello"})

    assert refusal(refused) == (422, "body_blank")


async def test_two_mistakes_are_both_named(chat: Chat) -> None:
    refused = await chat.post("", client_id="x" * 65)

    body = read_error(refused)
    assert body["code"] == "invalid"
    assert set(body["fields"]) == {"body", "client_id"}
    assert len(body["errors"]) == 2


async def test_unknown_fields_are_ignored(chat: Chat) -> None:
    posted = await chat.post("Hello", user_id=chat.bob.id, seq=99, created_at="1999-01-01")

    assert posted.status_code == 201
    assert posted.json()["user_id"] == chat.alice.id
    assert posted.json()["seq"] == 1


async def test_the_last_of_two_equal_keys_counts(chat: Chat) -> None:
    raw = b'{"body": "first", "body": "last"}'

    posted = await chat.alice.client.post(
        chat.path, content=raw, headers={"content-type": "application/json"}
    )

    assert posted.json()["body"] == "last"


async def test_an_outsider_cannot_post(chat: Chat) -> None:
    outsider = await chat.mallory.client.post(chat.path, json={"body": "Let me in"})
    nobody = await chat.house.client().post(chat.path, json={"body": "Let me in"})
    member = await chat.post("Hello")

    assert refusal(outsider) == (404, "not_found")
    assert refusal(nobody) == (401, "unauthenticated")
    assert member.status_code == 201
    assert await chat.seqs() == [1]


async def test_somebody_elses_conversation_is_like_none_at_all(chat: Chat) -> None:
    missing_path = f"/conversations/{chat.conversation.id + 1}/messages"

    theirs = await chat.mallory.client.post(chat.path, json={"body": "x"})
    missing = await chat.mallory.client.post(missing_path, json={"body": "x"})

    assert refusal(theirs) == refusal(missing) == (404, "not_found")
    assert theirs.json()["error"] == missing.json()["error"] == "Not found"


async def test_a_refused_message_takes_no_place(chat: Chat) -> None:
    await chat.post("first")
    await chat.post("")
    second = await chat.post("second")

    assert second.json()["seq"] == 2


async def test_times_are_strictly_increasing(chat: Chat) -> None:
    messages = await chat.said(20)

    times = [message["created_at"] for message in messages]
    assert times == sorted(set(times))
    assert [message["seq"] for message in messages] == list(range(1, 21))
    assert [message["id"] for message in messages] == sorted(m["id"] for m in messages)
