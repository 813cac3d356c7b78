"""GET /search: only in one's own conversations, for as long as one is in them."""

from typing import Any

import pytest

from tests.answers import refusal
from tests.cast import leave
from tests.search.conftest import Talk

pytestmark = pytest.mark.usefixtures("way")


async def test_an_outsider_finds_nothing(talk: Talk) -> None:
    await talk.say("our secret")
    own = await talk.house.conversation(talk.mallory, await talk.house.person())
    await talk.house.message(own, talk.mallory, "my secret")

    for sort in ("newest", "best"):
        assert await talk.found("secret", sort=sort) == ["our secret"]
        assert await talk.found("secret", talk.mallory, sort=sort) == ["my secret"]
    of_theirs: dict[str, Any] = {"conversation_id": talk.conversation.id}
    assert await talk.found("secret", **of_theirs) == ["our secret"]
    assert await talk.found("secret", talk.mallory, **of_theirs) == []
    assert await talk.found("secret", talk.mallory, conversation_id=999_999) == []
    assert await talk.found("secret", talk.mallory, author_id=talk.alice.id) == []


async def test_who_has_left_finds_nothing_any_more_by_any_cursor(talk: Talk) -> None:
    await talk.say("secret 1", "secret 2")
    page = await talk.search("secret", limit=1)
    assert [hit["message"]["body"] for hit in page.json()["hits"]] == ["secret 2"]

    await leave(talk.house, talk.conversation, talk.bob)

    assert await talk.found("secret") == []
    rest = await talk.bob.client.get(page.links["next"]["url"])
    assert rest.json()["hits"] == []
    assert await talk.found("secret", talk.alice) == ["secret 2", "secret 1"]


async def test_who_comes_later_finds_what_was_said_before(talk: Talk) -> None:
    group = await talk.house.conversation(talk.alice, talk.bob, await talk.house.person())
    await talk.house.message(group, talk.alice, "old words")
    assert await talk.found("old", talk.mallory) == []

    answer = await talk.alice.client.post(
        f"/conversations/{group.id}/members", json={"user_ids": [talk.mallory.id]}
    )

    assert answer.status_code == 201
    assert await talk.found("old", talk.mallory) == ["old words"]


async def test_nobody_cannot_search(talk: Talk) -> None:
    answer = await talk.house.client().get("/search?query=a")

    assert refusal(answer) == (401, "unauthenticated")
