"""PUT and DELETE /conversations/:id/messages/:message_id/reactions/:emoji"""

import asyncio
from itertools import islice

import pytest
from emoji import EMOJI_DATA, STATUS

from app.messages.schemas import REACTIONS_MAX
from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import Person
from tests.members.groups import Group
from tests.messages.conftest import Chat

ONE_EMOJI = {
    "a picture": "👍",
    "with a tone of skin": "👍🏽",
    "a family": "👩‍👩‍👧‍👦",
    "a flag": "🇺🇦",
    "a flag by tags": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "a key": "1️⃣",
    "a heart": "❤️",
    "a heart on fire": "❤️‍🔥",
}
NOT_ONE_EMOJI = {
    "a letter": "a",
    "a digit": "1",
    "two": "👍👍",
    "a family of strangers": "👍‍👍",
    "a tone of skin": "🏽",
    "half a flag": "🇺",
    "with a letter": "👍a",
    "with a space": " 👍",
    "a space": " ",
    "invisible": "\ufe0f",
    "a joiner": "\u200d",
    "NUL": "\0",
    "markup": "<b>",
    "long": "👍" * 500,
    "stacked": "👍" + "\u0301" * 100,
}
DIFFERENT = [e for e, about in EMOJI_DATA.items() if about["status"] == STATUS["fully_qualified"]]


async def shown(chat: Chat, by: Person | None = None) -> tuple[object, object]:
    page = (await (by or chat.bob).client.get(chat.path)).json()
    message = page["messages"][0]
    return message["reactions"], message.get("my_reactions")


async def test_reactions_are_shown_with_their_count_and_whether_they_are_mine(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]

    for emoji, by in (("🎉", chat.bob), ("👍", chat.alice), ("👍", chat.bob)):
        assert (await chat.react(id, emoji, by)).status_code == 204

    grouped = [{"emoji": "🎉", "count": 1}, {"emoji": "👍", "count": 2}]
    assert await shown(chat, chat.alice) == (grouped, ["👍"])
    assert await shown(chat, chat.bob) == (grouped, ["🎉", "👍"])


async def test_everybody_hears_the_same_of_a_reaction(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    await chat.react(id, "👍", chat.alice)
    await chat.react(id, "👍")
    await chat.take_back(id, "👍")

    _, first, second, third = await chat.events()
    assert second == {
        "type": "reaction.added",
        "conversation_id": chat.conversation.id,
        "seq": 3,
        "at": second["at"],
        "message": {"id": id, "reactions": [{"emoji": "👍", "count": 2}]},
        "emoji": "👍",
        "user_id": chat.bob.id,
    }
    assert first["message"]["reactions"] == third["message"]["reactions"]
    assert (third["type"], third["user_id"]) == ("reaction.removed", chat.bob.id)


async def test_the_same_again_is_no_news(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    await chat.react(id, "👍")
    before = await chat.events()

    assert (await chat.react(id, "👍")).status_code == 204
    assert (await chat.take_back(id, "🎉")).status_code == 204
    assert (await chat.take_back(id, "👍", chat.alice)).status_code == 204

    assert await chat.events() == before
    assert await shown(chat) == ([{"emoji": "👍", "count": 1}], ["👍"])
    await chat.take_back(id, "👍")
    assert await shown(chat) == ([], None)


@pytest.mark.parametrize("emoji", ONE_EMOJI.values(), ids=ONE_EMOJI)
async def test_any_emoji_will_do(chat: Chat, emoji: str) -> None:
    id = (await chat.post("Hello")).json()["id"]

    assert (await chat.react(id, emoji)).status_code == 204
    assert (await chat.react(id, emoji.replace("\ufe0f", ""), chat.alice)).status_code == 204

    assert (await shown(chat))[0] == [{"emoji": emoji, "count": 2}]


@pytest.mark.parametrize("text", NOT_ONE_EMOJI.values(), ids=NOT_ONE_EMOJI)
async def test_nothing_but_one_emoji_will_do(chat: Chat, text: str) -> None:
    id = (await chat.post("Hello")).json()["id"]

    for answer in (await chat.react(id, text), await chat.take_back(id, text)):
        assert refusal(answer) == (422, "emoji_invalid")
    assert (await chat.react(id, "👍")).status_code == 204


@pytest.mark.parametrize("raw", ["%ff", "%f0%9f", "%ed%a0%80", "%00", "%", "%zz"])
async def test_bytes_that_are_no_text_are_no_emoji(chat: Chat, raw: str) -> None:
    id = (await chat.post("Hello")).json()["id"]

    answer = await chat.bob.client.put(f"{chat.path}/{id}/reactions/{raw}")

    assert refusal(answer) == (422, "emoji_invalid")


async def test_a_message_has_so_many_different_reactions(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    first, *others, one_more = islice(DIFFERENT, REACTIONS_MAX + 1)
    for emoji in (first, *others):
        assert (await chat.react(id, emoji)).status_code == 204

    assert refusal(await chat.react(id, one_more)) == (409, "too_many_reactions")
    assert (await chat.react(id, first, chat.alice)).status_code == 204
    await chat.take_back(id, others[0])
    assert (await chat.react(id, one_more)).status_code == 204


async def test_nobody_reacts_to_what_they_may_not_read(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]

    assert refusal(await chat.react(id, "👍", chat.mallory)) == (404, "not_found")
    assert refusal(await chat.take_back(id, "👍", chat.mallory)) == (404, "not_found")
    assert refusal(await chat.react(id + 1, "👍")) == (404, "not_found")
    assert await shown(chat) == ([], None)


async def test_what_is_withdrawn_has_no_reactions(chat: Chat) -> None:
    id = (await chat.post("Hello")).json()["id"]
    await chat.react(id, "👍")

    await chat.withdraw(id)

    assert await shown(chat) == ([], None)
    assert refusal(await chat.react(id, "👍")) == (409, "message_withdrawn")
    assert (await chat.take_back(id, "👍")).status_code == 204


async def test_a_page_is_of_who_reads_it(chat: Chat) -> None:
    """On a device that two people use, one is not shown that it has the other's page already."""
    id = (await chat.post("Hello")).json()["id"]
    before = (await chat.page()).headers["etag"]
    await chat.react(id, "👍")
    opened = f"/conversations/{chat.conversation.id}"

    for path in (chat.path, opened):
        tag = (await chat.bob.client.get(path)).headers["etag"]
        assert tag != before
        same, other = [
            await person.client.get(path, headers={"If-None-Match": tag})
            for person in (chat.bob, chat.alice)
        ]
        assert (same.status_code, other.status_code) == (304, 200)


async def test_reactions_cost_a_fixed_number_of_queries(chat: Chat) -> None:
    ids = [message["id"] for message in await chat.said(4)]
    counts = []
    for emoji in ("👍", "🎉", "😀"):
        for id in ids[1:]:
            await chat.react(id, emoji, chat.alice)
        async with count_queries(chat.house) as of_a_reaction:
            assert (await chat.react(ids[0], emoji)).status_code == 204
        async with count_queries(chat.house) as of_a_page:
            await chat.page()
        counts.append((len(of_a_reaction), len(of_a_page)))

    assert set(counts) == {(8, 4)}


async def test_reactions_at_once_are_all_counted(live_group: Group) -> None:
    posted = (await live_group.post(live_group.alice)).json()
    path = f"{live_group.path}/messages/{posted['id']}/reactions"

    answers = await asyncio.gather(
        *(
            person.client.put(f"{path}/{emoji}")
            for person in live_group.members.values()
            for emoji in "👍🎉👍"
        )
    )

    assert {answer.status_code for answer in answers} == {204}
    (message,) = (await live_group.open(live_group.dave))["messages"]
    assert {one["emoji"]: one["count"] for one in message["reactions"]} == {"👍": 4, "🎉": 4}
    assert (await live_group.news()).count("reaction.added") == 8
