"""DELETE /conversations/:id/messages/:message_id"""

import asyncio

from sqlalchemy import text

from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House
from tests.members.groups import Group
from tests.messages.conftest import Chat

WORDS = "the treasure is under the old oak"


async def tables_that_say(house: House, words: str) -> set[str]:
    """Every table with a row in which these words are."""
    async with house.session() as session:
        named = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = (await session.execute(named)).scalars().all()
        assert "events" in tables
        saying = set()
        for table in tables:
            count = text(f"SELECT count(*) FROM {table} AS t WHERE strpos(t::text, :words) > 0")
            if (await session.execute(count, {"words": words})).scalar_one():
                saying.add(table)
        return saying


async def test_an_author_withdraws_their_message(chat: Chat) -> None:
    posted = (await chat.post(WORDS, client_id="k")).json()

    withdrawn = await chat.withdraw(posted["id"])

    assert (withdrawn.status_code, withdrawn.content) == (204, b"")
    (tombstone,) = (await chat.page()).json()["messages"]
    assert tombstone == posted | {
        "body": "",
        "withdrawn_at": tombstone["withdrawn_at"],
        "updated_at": tombstone["withdrawn_at"],
    }
    assert tombstone["withdrawn_at"] > posted["created_at"]


async def test_the_words_are_nowhere_any_more(chat: Chat) -> None:
    posted = (await chat.post(f"1 {WORDS}")).json()
    await chat.edit(posted["id"], f"2 {WORDS}")
    await chat.edit(posted["id"], f"3 {WORDS}")
    assert await tables_that_say(chat.house, WORDS) == {"messages", "message_versions", "events"}

    await chat.withdraw(posted["id"])

    assert await tables_that_say(chat.house, WORDS) == set()
    assert (await chat.versions(posted["id"])).json() == []


async def test_only_its_own_words_go(chat: Chat) -> None:
    kept = (await chat.post("keep me")).json()
    edited = (await chat.edit(kept["id"], "keep me, too")).json()
    posted = (await chat.post(WORDS)).json()
    before = await chat.events()

    await chat.withdraw(posted["id"])

    assert (await chat.events())[:2] == before[:2]
    assert (await chat.page()).json()["messages"][0] == edited
    assert len((await chat.versions(kept["id"])).json()) == 1


async def test_whoever_replays_the_log_hears_the_tombstone(chat: Chat) -> None:
    posted = (await chat.post(WORDS)).json()
    edited = (await chat.edit(posted["id"], f"{WORDS}!")).json()
    await chat.withdraw(posted["id"])

    created, changed, withdrawn = await chat.events()

    (tombstone,) = (await chat.page()).json()["messages"]
    silence = {"body": "", "withdrawn_at": tombstone["withdrawn_at"]}
    assert (created["type"], created["message"]) == ("message.created", posted | silence)
    assert (changed["type"], changed["message"]) == ("message.edited", edited | silence)
    assert withdrawn == {
        "type": "message.withdrawn",
        "conversation_id": chat.conversation.id,
        "seq": 3,
        "at": withdrawn["at"],
        "message": tombstone,
        "replied_to": None,
        "by": chat.alice.id,
    }


async def test_withdrawing_again_is_no_news(chat: Chat) -> None:
    posted = (await chat.post(WORDS)).json()
    await chat.withdraw(posted["id"])
    before, page = await chat.events(), (await chat.page()).json()

    assert (await chat.withdraw(posted["id"])).status_code == 204
    assert (await chat.events(), (await chat.page()).json()) == (before, page)


async def test_nobody_edits_what_was_withdrawn(chat: Chat) -> None:
    posted = (await chat.post(WORDS)).json()
    await chat.withdraw(posted["id"])

    for body in ("x", WORDS):
        assert refusal(await chat.edit(posted["id"], body)) == (409, "message_withdrawn")
    assert refusal(await chat.edit(posted["id"], "x", chat.bob)) == (403, "author_only")


async def test_the_same_draft_again_is_the_tombstone(chat: Chat) -> None:
    """Whatever it says: nobody knows any more what it said at first."""
    posted = (await chat.post(WORDS, client_id="k")).json()
    await chat.withdraw(posted["id"])
    (tombstone,) = (await chat.page()).json()["messages"]

    for body in (WORDS, "x"):
        again = await chat.post(body, client_id="k")
        assert (again.status_code, again.json()) == (200, tombstone)
    assert await tables_that_say(chat.house, WORDS) == set()


async def test_the_two_of_a_direct_conversation_withdraw_their_own(chat: Chat) -> None:
    posted = (await chat.post(WORDS)).json()

    refused = await chat.withdraw(posted["id"], chat.bob)
    outsider = await chat.withdraw(posted["id"], chat.mallory)

    assert refusal(refused) == (403, "author_or_admins_only")
    assert refusal(outsider) == (404, "not_found")
    assert (await chat.page()).json()["messages"] == [posted]
    assert refusal(await chat.withdraw(posted["id"] + 1)) == (404, "not_found")


async def test_admins_withdraw_what_others_said(group: Group) -> None:
    for by in (group.alice, group.bob):
        posted = (await group.post(group.carol, WORDS)).json()
        path = f"{group.path}/messages/{posted['id']}"

        refused = await group.dave.client.delete(path)
        allowed = await by.client.delete(path)

        assert refusal(refused) == (403, "author_or_admins_only")
        assert allowed.status_code == 204
        *_, event = await group.events()
        assert (event["type"], event["by"]) == ("message.withdrawn", by.id)
    assert await tables_that_say(group.house, WORDS) == set()


async def test_what_somebody_said_who_has_left_is_the_admins(group: Group) -> None:
    posted = (await group.post(group.carol, WORDS)).json()
    path = f"{group.path}/messages/{posted['id']}"
    await group.leave(group.carol)

    assert refusal(await group.carol.client.delete(path)) == (404, "not_found")
    assert (await group.bob.client.delete(path)).status_code == 204


async def test_a_withdrawal_makes_another_page(chat: Chat) -> None:
    posted = (await chat.post(WORDS)).json()
    tag = (await chat.page()).headers["etag"]
    await chat.withdraw(posted["id"])

    again = await chat.bob.client.get(chat.path, headers={"If-None-Match": tag})

    assert again.status_code == 200


async def test_withdrawing_costs_a_fixed_number_of_queries(chat: Chat) -> None:
    counts = set()
    for edits in (0, 1, 5):
        posted = (await chat.post(WORDS)).json()
        for number in range(edits):
            await chat.edit(posted["id"], f"{WORDS} {number}")
        async with count_queries(chat.house) as queries:
            assert (await chat.withdraw(posted["id"])).status_code == 204
        counts.add(len(queries))

    assert counts == {14}


async def test_withdrawing_and_editing_at_once_end_without_words(live_chat: Chat) -> None:
    posted = (await live_chat.post(WORDS)).json()

    answers = await asyncio.gather(
        *(live_chat.edit(posted["id"], f"{WORDS} {number}") for number in range(6)),
        *(live_chat.withdraw(posted["id"]) for _ in range(2)),
        *(live_chat.edit(posted["id"], f"{WORDS} {number}") for number in range(6, 12)),
    )

    assert {answer.status_code for answer in answers} <= {200, 204, 409}
    assert await tables_that_say(live_chat.house, WORDS) == set()
    heard = [event["type"] for event in await live_chat.events()]
    assert heard[-1] == "message.withdrawn"
    assert heard.count("message.withdrawn") == 1
