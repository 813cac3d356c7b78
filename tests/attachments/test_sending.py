"""POST /conversations/:id/messages with attachments."""

import asyncio
from pathlib import Path

import pytest

from tests.answers import refusal
from tests.attachments.conftest import TEXT, FileChat, file_chat_in
from tests.attachments.pictures import picture
from tests.counting import count_queries
from tests.factories import House


async def test_files_are_sent_in_a_message(files: FileChat) -> None:
    first, second = await files.uploaded(), await files.uploaded(picture(), "a.png")

    message = await files.sent(second, first, body="Look")

    assert message["attachments"] == [second, first], "in the order of the draft"
    assert await files.shown() == [second, first]
    (created,) = await files.events()
    assert (created["type"], created["message"]) == ("message.created", message)


async def test_a_message_without_files_says_so(files: FileChat) -> None:
    message = (await files.post("Hello")).json()

    assert message["attachments"] == []
    assert await files.shown() == []
    assert (await files.events())[0]["message"]["attachments"] == []


async def test_beside_files_nothing_need_be_said(files: FileChat) -> None:
    file = await files.uploaded()
    answer = await files.alice.client.post(files.path, json={"attachment_ids": [file["id"]]})

    assert (answer.status_code, answer.json()["body"]) == (201, "")
    for draft in ({}, {"body": ""}, {"body": " \u200b"}, {"body": "", "attachment_ids": []}):
        assert refusal(await files.alice.client.post(files.path, json=draft)) == (422, "body_blank")


async def test_only_ones_own_that_are_in_no_message(files: FileChat) -> None:
    sent, bobs = await files.uploaded(), (await files.upload(by=files.bob)).json()
    await files.sent(sent)
    fresh = await files.uploaded()

    for ids in ([sent["id"]], [bobs["id"]], [10**18], [2**70], [-1], [fresh["id"]] * 2):
        refused = await files.post("x", attachment_ids=ids)
        assert refusal(refused) == (422, "attachment_ids_unknown")
        refused = await files.post("x", attachment_ids=[fresh["id"], *ids])
        assert refusal(refused) == (422, "attachment_ids_unknown")
    assert len((await files.page()).json()["messages"]) == 1
    assert (await files.sent(fresh))["attachments"] == [fresh], "nothing was taken meanwhile"


async def test_so_many_in_one_message(files: FileChat) -> None:
    many = [await files.uploaded() for _ in range(11)]

    refused = await files.post("x", attachment_ids=[file["id"] for file in many])

    assert refusal(refused) == (422, "attachment_ids_too_many")
    assert len((await files.sent(*many[:10]))["attachments"]) == 10


@pytest.mark.parametrize("ids", ["1", 1, None, {"0": 1}, ["1"], [1.5], [True], [[1]]])
async def test_ids_are_a_list_of_integers(files: FileChat, ids: object) -> None:
    status, code = refusal(await files.post("x", attachment_ids=ids))

    assert status == 422
    assert code.startswith("attachment_ids_")


async def test_the_same_draft_again_is_the_same_message(files: FileChat) -> None:
    first, second = await files.uploaded(), await files.uploaded()
    draft = {"body": "", "client_id": "k", "attachment_ids": [first["id"]]}

    posted = await files.alice.client.post(files.path, json=draft)
    again = await files.alice.client.post(files.path, json=draft)

    assert (posted.status_code, again.status_code) == (201, 200)
    assert again.json() == posted.json()
    for other in ([second["id"]], [first["id"], second["id"]], []):
        reused = await files.post(draft["body"] or "x", client_id="k", attachment_ids=other)
        assert refusal(reused) == (409, "idempotency_key_reuse")
    assert (await files.sent(second))["attachments"] == [second], "it was not taken by them"


async def test_posting_is_still_one_statement(files: FileChat) -> None:
    file = await files.uploaded()

    async with count_queries(files.house) as plain:
        await files.post("Hello")
    async with count_queries(files.house) as with_files:
        await files.sent(file)

    assert len(plain) == len(with_files) == 2, "the door, and the message"


async def test_a_history_costs_no_more(files: FileChat) -> None:
    await files.post("x")
    async with count_queries(files.house) as plain:
        await files.page()
    for _ in range(3):
        await files.sent(await files.uploaded(), await files.uploaded())
    async with count_queries(files.house) as with_files:
        page = (await files.page()).json()

    assert [len(message["attachments"]) for message in page["messages"]] == [0, 2, 2, 2]
    assert len(plain) == len(with_files)


@pytest.fixture
async def live_files(live_house: House, file_folder: Path) -> FileChat:
    return await file_chat_in(live_house, file_folder)


async def test_of_many_messages_at_once_one_gets_the_file(live_files: FileChat) -> None:
    file = await live_files.uploaded(TEXT)

    answers = await asyncio.gather(
        *(live_files.post("", attachment_ids=[file["id"]]) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7


async def test_of_many_copies_at_once_one_is_the_message(live_files: FileChat) -> None:
    file = await live_files.uploaded(TEXT)

    answers = await asyncio.gather(
        *(live_files.post("", client_id="k", attachment_ids=[file["id"]]) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
