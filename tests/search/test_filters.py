"""GET /search: only in one conversation, by one author, before and after."""

from typing import Any

import pytest

from tests.answers import refusal
from tests.search.conftest import Talk

pytestmark = pytest.mark.usefixtures("way")


async def test_only_in_one_conversation_or_by_one_author(talk: Talk) -> None:
    other = await talk.house.conversation(talk.bob, talk.mallory)
    await talk.say("word of alice")
    await talk.say("word of bob", author=talk.bob)
    await talk.house.message(other, talk.mallory, "word of mallory")

    assert len(await talk.found("word")) == 3
    assert await talk.found("word", conversation_id=other.id) == ["word of mallory"]
    assert await talk.found("word", author_id=talk.alice.id) == ["word of alice"]
    assert await talk.found("word", author_id=talk.mallory.id) == ["word of mallory"]
    both: dict[str, Any] = {"conversation_id": talk.conversation.id, "author_id": talk.bob.id}
    assert await talk.found("word", **both) == ["word of bob"]
    assert await talk.found("word", author_id=999_999) == []


async def test_only_with_attachments_or_only_without(talk: Talk) -> None:
    client, path = talk.alice.client, f"/conversations/{talk.conversation.id}/messages"
    await talk.say("word alone")
    file = (await client.post("/attachments?name=x", content=b"x")).json()
    await client.post(path, json={"body": "word with a file", "attachment_ids": [file["id"]]})

    assert len(await talk.found("word")) == 2
    assert await talk.found("word", has_attachment="true") == ["word with a file"]
    assert await talk.found("word", has_attachment="false") == ["word alone"]
    (hit,) = (await talk.search("file")).json()["hits"]
    assert hit["message"]["attachments"] == [file]


async def test_before_and_after_are_exclusive_and_go_together(talk: Talk) -> None:
    messages = await talk.say(*(f"word {number}" for number in range(5)))
    times = [message["created_at"] for message in messages]

    assert await talk.found("word", before=times[2]) == ["word 1", "word 0"]
    assert await talk.found("word", after=times[2]) == ["word 4", "word 3"]
    assert await talk.found("word", after=times[0], before=times[3]) == ["word 2", "word 1"]
    assert await talk.found("word", after=times[3], before=times[0]) == []


async def test_a_seq_is_a_place_in_one_conversation(talk: Talk) -> None:
    seqs = [message["seq"] for message in await talk.say("word 0", "word 1", "word 2")]
    here: dict[str, Any] = {"conversation_id": talk.conversation.id}

    assert await talk.found("word", before=seqs[2], after=seqs[0], **here) == ["word 1"]
    assert refusal(await talk.search("word", before=seqs[2])) == (422, "before_invalid")
    assert refusal(await talk.search("word", after=seqs[2])) == (422, "after_invalid")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("conversation_id", "x", "conversation_id_invalid"),
        ("conversation_id", "042", "conversation_id_invalid"),
        ("conversation_id", "9" * 30, "conversation_id_invalid"),
        ("author_id", "-1", "author_id_invalid"),
        ("before", "soon", "before_invalid"),
        ("after", "2024-13-01", "after_invalid"),
        ("has_attachment", "maybe", "has_attachment_not_a_boolean"),
        ("sort", "worst", "sort_invalid"),
        ("limit", "x", "limit_not_an_integer"),
        ("cursor", "x", "cursor_invalid"),
    ],
)
async def test_what_cannot_be_a_filter_is_refused(
    talk: Talk, name: str, value: str, code: str
) -> None:
    asked: dict[str, Any] = {name: value}

    assert refusal(await talk.search("word", **asked)) == (422, code)
