"""Files go with their message, with their sender's account, and when nobody sends them."""

import pytest
from sqlalchemy import text

from app.attachments.actions import sweep
from app.kit.errors import Unavailable
from app.kit.storage import Storage
from tests.answers import refusal
from tests.attachments.conftest import FileChat
from tests.attachments.pictures import picture
from tests.factories import PASSWORD
from tests.jobs import run_jobs
from tests.messages.test_withdrawing import tables_that_say

NAME = "the treasure map.png"


async def test_what_was_withdrawn_is_nowhere_any_more(files: FileChat) -> None:
    kept = await files.sent(await files.uploaded())
    message = await files.sent(await files.uploaded(picture(), NAME), await files.uploaded())
    await files.work()
    assert len(files.files()) == 4
    assert await tables_that_say(files.house, NAME) == {"attachments", "messages", "events"}

    await files.withdraw(message["id"])

    assert await tables_that_say(files.house, NAME) == set()
    for file in message["attachments"]:
        assert refusal(await files.read(file["id"], files.alice)) == (404, "not_found")
    assert await files.work() == ["attachments.erase"]
    assert (len(files.files()), await files.rows()) == (1, 1)
    _, tombstone = (await files.page()).json()["messages"]
    assert tombstone["attachments"] == []
    assert (await files.read(kept["attachments"][0]["id"])).status_code == 200


async def test_whoever_replays_the_log_hears_of_none(files: FileChat) -> None:
    message = await files.sent(await files.uploaded(picture(), NAME))
    await files.work()
    await files.edit(message["id"], "Look!")
    await files.withdraw(message["id"])

    events = await files.events()

    assert [event["type"].partition(".")[2] for event in events] == [
        *("created", "attachments_changed", "edited", "withdrawn"),
    ]
    assert [event["message"]["attachments"] for event in events] == [[]] * 4


async def test_bytes_that_cannot_be_erased_now_are_erased_later(
    files: FileChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await files.sent(await files.uploaded())
    await files.withdraw(message["id"])

    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "delete", away)
        await run_jobs(files.house, may_fail=True)
    assert (len(files.files()), await files.rows()) == (1, 1), "the row says what there is to do"

    await let_time_pass(files, "2 days")
    await swept(files)

    assert await files.is_empty()


async def test_an_image_that_was_withdrawn_while_it_was_made_leaves_nothing(
    files: FileChat,
) -> None:
    message = await files.sent(await files.uploaded(picture()))
    await files.withdraw(message["id"])

    assert sorted(await files.work()) == ["attachments.erase", "attachments.process"]

    assert await files.is_empty()


async def let_time_pass(files: FileChat, interval: str) -> None:
    async with files.house.session() as session:
        await session.execute(
            text("UPDATE attachments SET updated_at = updated_at - cast(:i AS text)::interval"),
            {"i": interval},
        )


async def swept(files: FileChat) -> list[str]:
    async with files.house.session() as session:
        await sweep(session, files.house.state["settings"])
    return await files.work()


async def test_what_nobody_sends_is_swept(files: FileChat) -> None:
    sent = await files.uploaded()
    await files.sent(sent)
    for data in (b"x", picture()):
        await files.uploaded(data)
    await files.work()

    await let_time_pass(files, "23 hours")
    assert await swept(files) == []
    fresh = await files.uploaded()
    await let_time_pass(files, "2 hours")
    assert await swept(files) == ["attachments.erase"]

    assert (len(files.files()), await files.rows()) == (2, 2)
    for kept in (sent, fresh):
        assert (await files.read(kept["id"], files.alice)).status_code == 200


async def test_what_a_killed_process_left_is_swept(files: FileChat) -> None:
    await files.uploaded()
    async with files.house.session() as session:
        await session.execute(text("UPDATE attachments SET state = 'uploading'"))

    await let_time_pass(files, "10 minutes")
    assert await swept(files) == []
    await let_time_pass(files, "11 minutes")
    assert await swept(files) == ["attachments.erase"]

    assert await files.is_empty()


async def test_with_an_account_goes_what_it_has_not_sent(files: FileChat) -> None:
    sent, _ = await files.uploaded(), await files.uploaded()
    bobs = (await files.upload(by=files.bob)).json()
    await files.sent(sent)

    closed = await files.alice.client.request(
        "DELETE", "/users", json={"user": {"current_password": PASSWORD}}
    )
    assert closed.status_code == 204, closed.text
    await files.work()

    assert (len(files.files()), await files.rows()) == (2, 2)
    assert (await files.read(sent["id"])).status_code == 200
    assert (await files.read(bobs["id"])).status_code == 200
