"""PATCH /conversations/:id/messages/:message_id, and what a message said before."""

import asyncio

import pytest

from app.messages.schemas import VERSIONS_MAX
from tests.answers import refusal
from tests.counting import count_queries
from tests.messages.conftest import Chat


async def test_an_author_edits_their_message(chat: Chat) -> None:
    posted = (await chat.post("Helo", client_id="k")).json()

    edited = await chat.edit(posted["id"], "Hello")

    assert edited.status_code == 200
    message = edited.json()
    assert message == posted | {
        "body": "Hello",
        "edited_at": message["edited_at"],
        "updated_at": message["edited_at"],
    }
    assert message["edited_at"] > message["created_at"]
    assert (await chat.page()).json()["messages"] == [message]


async def test_everybody_hears_of_an_edit(chat: Chat) -> None:
    posted = (await chat.post("Helo")).json()

    message = (await chat.edit(posted["id"], "Hello")).json()

    _, event = await chat.events()
    assert event == {
        "type": "message.edited",
        "conversation_id": chat.conversation.id,
        "seq": 2,
        "at": event["at"],
        "message": message,
    }


async def test_what_stays_as_it_is_is_no_news(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()

    same = await chat.edit(posted["id"], "Hello")

    assert (same.status_code, same.json()) == (200, posted)
    assert (await chat.versions(posted["id"])).json() == []
    assert len(await chat.events()) == 1


async def test_members_read_what_a_message_said_before(chat: Chat) -> None:
    posted = (await chat.post("one")).json()
    second = (await chat.edit(posted["id"], "two")).json()
    await chat.edit(posted["id"], "three")

    earlier = await chat.versions(posted["id"])

    assert earlier.json() == [
        {"body": "one", "created_at": posted["created_at"]},
        {"body": "two", "created_at": second["edited_at"]},
    ]
    assert refusal(await chat.versions(posted["id"], chat.mallory)) == (404, "not_found")


async def test_nobody_else_edits_it(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()

    assert refusal(await chat.edit(posted["id"], "x", chat.bob)) == (403, "author_only")
    assert refusal(await chat.edit(posted["id"], "x", chat.mallory)) == (404, "not_found")
    assert (await chat.page()).json()["messages"] == [posted]


async def test_a_message_is_in_its_own_conversation_only(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    other = await chat.house.conversation(chat.alice, chat.mallory)
    elsewhere = f"/conversations/{other.id}/messages/{posted['id']}"

    for client in (chat.alice.client, chat.mallory.client):
        assert refusal(await client.patch(elsewhere, json={"body": "x"})) == (404, "not_found")
        assert refusal(await client.get(f"{elsewhere}/versions")) == (404, "not_found")
    assert refusal(await chat.edit(posted["id"] + 1, "x")) == (404, "not_found")
    assert (await chat.edit(posted["id"], "x")).status_code == 200


async def test_whoever_has_left_edits_nothing(chat: Chat) -> None:
    group = await chat.house.conversation(chat.alice, chat.bob, chat.mallory)
    path = f"/conversations/{group.id}"
    posted = await chat.bob.client.post(f"{path}/messages", json={"body": "Hello"})
    of_mine = f"{path}/messages/{posted.json()['id']}"

    assert (await chat.bob.client.patch(of_mine, json={"body": "x"})).status_code == 200
    await chat.alice.client.delete(f"{path}/members/{chat.bob.id}")
    refused = await chat.bob.client.patch(of_mine, json={"body": "y"})

    assert refusal(refused) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "body_blank"),
        (" \u200b", "body_blank"),
        ("x" * 10_001, "body_too_long"),
        (5, "body_not_a_string"),
        ("\0", "body_invalid"),
    ],
)
async def test_an_edit_is_held_to_what_a_message_is(chat: Chat, body: object, code: str) -> None:
    posted = (await chat.post("Hello")).json()

    assert refusal(await chat.edit(posted["id"], body)) == (422, code)


async def test_a_message_is_edited_so_many_times(chat: Chat) -> None:
    posted = (await chat.post("0")).json()
    for number in range(1, VERSIONS_MAX + 1):
        assert (await chat.edit(posted["id"], str(number))).status_code == 200

    assert refusal(await chat.edit(posted["id"], "more")) == (409, "too_many_versions")
    assert (await chat.edit(posted["id"], str(VERSIONS_MAX))).status_code == 200
    kept = (await chat.versions(posted["id"])).json()
    assert [version["body"] for version in kept] == [str(n) for n in range(VERSIONS_MAX)]


async def test_the_same_draft_again_is_the_message_as_it_is_now(chat: Chat) -> None:
    posted = (await chat.post("one", client_id="k")).json()
    await chat.edit(posted["id"], "two")
    edited = (await chat.edit(posted["id"], "three")).json()

    again = await chat.post("one", client_id="k")
    other = await chat.post("three", client_id="k")

    assert (again.status_code, again.json()) == (200, edited)
    assert refusal(other) == (409, "idempotency_key_reuse")


async def test_an_edit_makes_another_page(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    tag = (await chat.page()).headers["etag"]
    await chat.edit(posted["id"], "Goodbye")

    again = await chat.bob.client.get(chat.path, headers={"If-None-Match": tag})

    assert again.status_code == 200
    assert again.headers["etag"] != tag


async def test_editing_is_not_saying_something_new(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    await chat.edit(posted["id"], "Goodbye")

    opened = await chat.bob.client.get(f"/conversations/{chat.conversation.id}")

    assert opened.json()["conversation"]["updated_at"] == posted["created_at"]


async def test_editing_costs_a_fixed_number_of_queries(chat: Chat) -> None:
    posted = (await chat.post("Hello")).json()
    counts = []
    for number in range(3):
        async with count_queries(chat.house) as of_an_edit:
            assert (await chat.edit(posted["id"], str(number))).status_code == 200
        async with count_queries(chat.house) as of_versions:
            await chat.versions(posted["id"])
        counts.append((len(of_an_edit), len(of_versions)))

    assert set(counts) == {(10, 2)}


async def test_edits_and_posts_at_once_all_find_their_place(live_chat: Chat) -> None:
    posted = (await live_chat.post("0")).json()

    answers = await asyncio.gather(
        *(live_chat.edit(posted["id"], f"edit {number}") for number in range(12)),
        *(live_chat.post(f"post {number}") for number in range(12)),
    )

    assert {answer.status_code for answer in answers} == {200, 201}
    said = (await live_chat.versions(posted["id"])).json()
    heard = [e["message"] for e in await live_chat.events() if e["type"] == "message.edited"]
    assert [one["body"] for one in said[1:]] == [one["body"] for one in heard[:-1]]
    assert [one["created_at"] for one in said[1:]] == [one["edited_at"] for one in heard[:-1]]
    assert said == sorted(said, key=lambda one: one["created_at"])
