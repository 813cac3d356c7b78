"""Sending exactly once: `client_id` and `Idempotency-Key`."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.answers import refusal
from tests.messages.conftest import Chat


async def keyed(chat: Chat, key: str, body: str = "Hello", **fields: object) -> httpx.Response:
    """Sent with the header."""
    return await chat.alice.client.post(
        chat.path, json={"body": body} | fields, headers={"Idempotency-Key": key}
    )


async def test_the_same_key_and_text_again_is_the_same_message(chat: Chat) -> None:
    first = await chat.post("Hello", client_id="k")
    again = await chat.post("Hello", client_id="k")

    assert first.status_code == 201
    assert "idempotent-replayed" not in first.headers
    assert again.status_code == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    assert await chat.seqs() == [1]


async def test_the_same_key_with_another_text_is_a_conflict(chat: Chat) -> None:
    await chat.post("Hello", client_id="k")

    other = await chat.post("Goodbye", client_id="k")

    assert refusal(other) == (409, "idempotency_key_reuse")
    assert await chat.seqs() == [1]


async def test_white_space_makes_another_text(chat: Chat) -> None:
    await chat.post("Hello", client_id="k")

    assert refusal(await chat.post("Hello ", client_id="k")) == (409, "idempotency_key_reuse")


async def test_without_a_key_every_message_is_new(chat: Chat) -> None:
    for _ in range(2):
        assert (await chat.post("Hello")).status_code == 201

    assert await chat.seqs() == [1, 2]


async def test_the_header_is_the_same_as_the_field(chat: Chat) -> None:
    first = await keyed(chat, "k")
    by_field = await chat.post("Hello", client_id="k")
    quoted = await keyed(chat, '"k"')

    assert first.status_code == 201
    assert first.json()["client_id"] == "k"
    assert by_field.status_code == quoted.status_code == 200
    assert by_field.json() == quoted.json() == first.json()


async def test_field_and_header_may_both_be_given_and_agree(chat: Chat) -> None:
    agreeing = await keyed(chat, '"k"', client_id="k")
    different = await keyed(chat, "other", client_id="k")

    assert agreeing.status_code == 201
    assert refusal(different) == (422, "idempotency_key_mismatch")
    assert await chat.seqs() == [1]


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 65, '"' + "x" * 65 + '"'])
async def test_a_header_that_will_not_do_is_refused(chat: Chat, key: str) -> None:
    assert refusal(await keyed(chat, key)) == (422, "idempotency_key_invalid")


@pytest.mark.parametrize("client_id", ["", "x" * 65, "a\0b", 5, True, [], {}])
async def test_a_client_id_that_will_not_do_is_refused(chat: Chat, client_id: object) -> None:
    refused = await chat.post("Hello", client_id=client_id)

    status, code = refusal(refused)
    assert status == 422
    assert code.startswith("client_id_")


@pytest.mark.parametrize("client_id", ["x", "x" * 64, "ключ 鍵 🔑", "a b"])
async def test_a_client_id_has_1_to_64_characters(chat: Chat, client_id: str) -> None:
    posted = await chat.post("Hello", client_id=client_id)

    assert posted.status_code == 201
    assert posted.json()["client_id"] == client_id
    assert (await chat.page()).json()["messages"][0]["client_id"] == client_id


async def test_no_key_is_shown_as_null(chat: Chat) -> None:
    assert (await chat.post("Hello")).json()["client_id"] is None
    assert (await chat.post("Hello", client_id=None)).json()["client_id"] is None


async def test_another_author_has_keys_of_their_own(chat: Chat) -> None:
    mine = await chat.post("Hello", client_id="k")

    theirs = await chat.bob.client.post(chat.path, json={"body": "Hi", "client_id": "k"})

    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


async def test_another_conversation_has_keys_of_its_own(chat: Chat) -> None:
    here = await chat.post("Hello", client_id="k")
    elsewhere = await chat.house.conversation(chat.alice, chat.mallory)

    there = await chat.alice.client.post(
        f"/conversations/{elsewhere.id}/messages", json={"body": "Hi", "client_id": "k"}
    )

    assert there.status_code == 201
    assert there.json()["id"] != here.json()["id"]


async def test_a_replay_does_not_move_the_conversation_up(chat: Chat) -> None:
    await chat.post("Hello", client_id="k")
    before = (await chat.alice.client.get("/conversations")).json()

    await chat.post("Hello", client_id="k")

    assert (await chat.alice.client.get("/conversations")).json() == before


async def test_an_outsider_learns_nothing_from_a_key(chat: Chat) -> None:
    await chat.post("Hello", client_id="k")

    probing = await chat.mallory.client.post(chat.path, json={"body": "Hello", "client_id": "k"})

    assert refusal(probing) == (404, "not_found")


async def test_twenty_copies_at_once_are_one_message(live_chat: Chat) -> None:
    copies = await asyncio.gather(
        *(live_chat.post("Hello", client_id="k") for _ in range(20)),
    )

    assert Counter(copy.status_code for copy in copies) == {201: 1, 200: 19}
    assert len({copy.text for copy in copies}) == 1
    assert await live_chat.seqs() == [1]


async def test_of_twenty_texts_with_one_key_at_once_one_is_said(live_chat: Chat) -> None:
    answers = await asyncio.gather(
        *(live_chat.post(f"Hello {number}", client_id="k") for number in range(20)),
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert await live_chat.seqs() == [1]
