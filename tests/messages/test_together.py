"""What is said at once is written together, and each is as if it had been said alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import httpx

from app.kit.errors import NotFound
from app.kit.events import from_json
from app.kit.settings import Settings
from app.messages import actions as messages
from app.messages.actions import IdempotencyKeyReuse, Posted
from app.messages.schemas import MessageDraft
from app.models import Conversation
from tests.answers import refusal
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import House, Person
from tests.houses import changed
from tests.members.groups import Group
from tests.members.test_at_once import elsewhere
from tests.messages.conftest import Chat, chat_in
from tests.messages.locks import held, kill_who_waits, waiting
from tests.receipts.recounting import all_is_counted
from tests.receipts.test_at_once import Bustle

MANY = 40


async def say(
    chat: Chat,
    body: str = "Hello",
    *,
    client_id: str | None = None,
    by: Person | None = None,
    to: int | None = None,
) -> Posted:
    """As the routes do, and so in one turn of the loop with all others who do."""
    writer, author = chat.house.state["writer"], by or chat.alice
    draft = MessageDraft(body=body, client_id=client_id)
    return await messages.post(writer, to or chat.conversation.id, author.id, draft)


async def history(person: Person, conversation: Conversation) -> list[dict[str, Any]]:
    path = f"/conversations/{conversation.id}/messages?limit=200"
    said: list[dict[str, Any]] = (await person.client.get(path)).json()["messages"]
    return said


async def told(person: Person, conversation: Conversation) -> list[dict[str, Any]]:
    path = f"/conversations/{conversation.id}/events?since=0"
    events = (await person.client.get(path)).json()["events"]
    return [one["message"] for one in events if one["type"] == "message.created"]


async def post(person: Person, conversation: Conversation, body: str, **fields: object) -> Any:
    path = f"/conversations/{conversation.id}/messages"
    return await person.client.post(path, json={"body": body} | fields)


async def answered(asking: Sequence[asyncio.Task[httpx.Response]], count: int) -> Any:
    """The answers of those who have one, as soon as so many have."""
    while len(done := [task.result() for task in asking if task.done()]) < count:
        pending = [task for task in asking if not task.done()]
        await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    return done


async def test_what_is_said_at_once_takes_one_statement(chat: Chat) -> None:
    async with count_queries(chat.house) as queries:
        posted = await asyncio.gather(*(say(chat, str(n)) for n in range(MANY)))

    assert len(queries) == 1
    said = [from_json(one.message) for one in posted]
    assert [message["seq"] for message in said] == list(range(1, MANY + 1))
    assert [message["body"] for message in said] == [str(n) for n in range(MANY)]
    assert said == await history(chat.bob, chat.conversation)


async def test_from_two_workers_into_many_conversations(
    settings: Settings, live_house: House
) -> None:
    chat = await chat_in(live_house)
    people = (chat.alice, chat.bob, chat.mallory)
    talks = [people[:2], people[1:], people[::2], people]
    conversations = [await live_house.conversation(*talk) for talk in talks]
    async with serve(settings) as other:
        posted = await asyncio.gather(
            *(
                say(where, f"Hello {n}", by=person, to=conversation.id)
                for n in range(20)
                for talk, conversation in zip(talks, conversations, strict=True)
                for person in talk
                for where in (chat, replace(chat, house=other))
            )
        )

    answers = [from_json(one.message) for one in posted]
    for talk, conversation in zip(talks, conversations, strict=True):
        here = [message for message in answers if message["conversation_id"] == conversation.id]
        here.sort(key=lambda message: message["seq"])
        assert [message["seq"] for message in here] == list(range(1, 40 * len(talk) + 1))
        assert all(a["created_at"] < b["created_at"] for a, b in pairwise(here))
        assert all(a["id"] < b["id"] for a, b in pairwise(here))
        assert here == await history(talk[0], conversation) == await told(talk[1], conversation)
    await all_is_counted(live_house)


async def test_one_that_cannot_be_takes_no_place_of_its_neighbours(live_chat: Chat) -> None:
    chat = live_chat
    earlier = await say(chat, "earlier", client_id="k")

    outcomes: list[Posted | BaseException] = await asyncio.gather(
        say(chat, "first"),
        say(chat, "let me in", by=chat.mallory),
        say(chat, "to nobody", to=chat.conversation.id + 1),
        say(chat, "second", by=chat.bob),
        say(chat, "another", client_id="k"),
        say(chat, "earlier", client_id="k"),
        say(chat, "third", client_id="new"),
        return_exceptions=True,
    )

    first, outsider, nowhere, second, reused, replayed, third = outcomes
    assert isinstance(outsider, NotFound)
    assert isinstance(nowhere, NotFound)
    assert isinstance(reused, IdempotencyKeyReuse)
    assert replayed == Posted(earlier.message, is_replay=True)
    said = [from_json(one.message) for one in (first, second, third) if isinstance(one, Posted)]
    assert [(one["seq"], one["body"]) for one in said] == [
        (2, "first"),
        (3, "second"),
        (4, "third"),
    ]
    assert await told(chat.bob, chat.conversation) == [from_json(earlier.message), *said]
    await all_is_counted(chat.house)


async def test_refusals_look_the_same_in_company(live_chat: Chat) -> None:
    chat, path = live_chat, live_chat.path
    await chat.post("earlier", client_id="k")

    outsider, nobody, reused, replayed, nowhere, *neighbours = await asyncio.gather(
        chat.mallory.client.post(path, json={"body": "let me in"}),
        chat.house.client().post(path, json={"body": "let me in"}),
        chat.post("another", client_id="k"),
        chat.post("earlier", client_id="k"),
        chat.alice.client.post("/conversations/99/messages", json={"body": "to nobody"}),
        *(chat.post(str(n)) for n in range(MANY)),
    )

    assert refusal(outsider) == refusal(nowhere) == (404, "not_found")
    assert refusal(nobody) == (401, "unauthenticated")
    assert refusal(reused) == (409, "idempotency_key_reuse")
    assert replayed.status_code == 200
    assert {answer.status_code for answer in neighbours} == {201}
    assert sorted(answer.json()["seq"] for answer in neighbours) == list(range(2, MANY + 2))


async def test_copies_at_once_are_one_message(live_chat: Chat) -> None:
    copies = [say(live_chat, "Hello", client_id="k") for _ in range(5)]
    others = [say(live_chat, str(n)) for n in range(5)]

    posted = await asyncio.gather(*copies, *others)

    assert sorted(one.is_replay for one in posted[:5]) == [False, True, True, True, True]
    assert len({one.message for one in posted[:5]}) == 1
    assert not any(one.is_replay for one in posted[5:])
    assert len(await history(live_chat.bob, live_chat.conversation)) == 6
    await all_is_counted(live_chat.house)


async def test_a_key_that_another_worker_uses_at_the_same_moment(
    settings: Settings, live_chat: Chat
) -> None:
    """Neither sees what the other is about to write: the second is told so by the index."""
    async with serve(settings) as other:
        there = replace(live_chat, house=other)
        async with held(live_chat.house, live_chat.conversation):
            posting = [
                asyncio.create_task(say(chat, body, client_id=key))
                for chat in (live_chat, there)
                for body, key in (("Hello", "k"), ("beside it", None))
            ]
            await waiting(live_chat.house, 2)
        posted = await asyncio.gather(*posting)

    assert sorted(one.is_replay for one in posted) == [False, False, False, True]
    assert posted[0].message == posted[2].message
    said = await history(live_chat.bob, live_chat.conversation)
    assert sorted(message["body"] for message in said) == ["Hello", "beside it", "beside it"]
    assert [message["seq"] for message in said] == [1, 2, 3]
    await all_is_counted(live_chat.house)


async def test_who_writes_elsewhere_does_not_wait_for_a_conversation_that_is_held(
    live_chat: Chat,
) -> None:
    elsewhere = await live_chat.house.conversation(live_chat.alice, live_chat.mallory)
    async with held(live_chat.house, live_chat.conversation):
        patient = [asyncio.create_task(live_chat.post(str(n))) for n in range(3)]
        await waiting(live_chat.house, 1)

        assert (await post(live_chat.alice, elsewhere, "Hello")).status_code == 201
        assert not any(task.done() for task in patient)

    assert {answer.status_code for answer in await asyncio.gather(*patient)} == {201}


async def test_only_so_many_wait(settings: Settings, live_house: House) -> None:
    chat = await chat_in(live_house)
    async with serve(changed(settings, posts_waiting_max=2)) as small:
        alice = elsewhere(small, chat.alice)
        async with held(live_house, chat.conversation):
            first = asyncio.create_task(post(alice, chat.conversation, "first"))
            await waiting(live_house, 1)
            more = [asyncio.create_task(post(alice, chat.conversation, str(n))) for n in range(5)]
            refused = await answered(more, 3)
        answers = await asyncio.gather(first, *more)

    assert {refusal(answer) for answer in refused} == {(503, "unavailable")}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    accepted = [answer.json() for answer in answers if answer.status_code == 201]
    assert len(accepted) == 3
    accepted.sort(key=lambda message: message["seq"])
    assert await told(chat.bob, chat.conversation) == accepted


async def test_who_goes_away_takes_nothing_from_the_others(live_chat: Chat) -> None:
    async with held(live_chat.house, live_chat.conversation):
        tasks = [asyncio.create_task(say(live_chat, str(n))) for n in range(3)]
        await waiting(live_chat.house, 1)
        tasks[1].cancel()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert isinstance(outcomes[1], asyncio.CancelledError)
    said = await history(live_chat.bob, live_chat.conversation)
    assert [message["body"] for message in said] == ["0", "1", "2"]
    assert [from_json(outcomes[n].message) for n in (0, 2)] == [said[0], said[2]]  # type: ignore[union-attr]


async def test_what_postgres_loses_is_acknowledged_to_nobody(live_chat: Chat) -> None:
    before = await live_chat.post("before", client_id="before")
    async with held(live_chat.house, live_chat.conversation):
        lost = [asyncio.create_task(live_chat.post(str(n), client_id=str(n))) for n in range(MANY)]
        await waiting(live_chat.house, 1)
        await kill_who_waits(live_chat.house)
        refused = await answered(lost, 1)

    assert refusal(refused[0]) == (503, "unavailable")
    answers = await asyncio.gather(*lost)
    again = await asyncio.gather(*(live_chat.post(str(n), client_id=str(n)) for n in range(MANY)))

    assert {answer.status_code for answer in answers} <= {201, 503}
    for answer, repeated in zip(answers, again, strict=True):
        assert repeated.status_code == (200 if answer.status_code == 201 else 201)
    said = await told(live_chat.bob, live_chat.conversation)
    assert said[0] == before.json()
    assert sorted(message["client_id"] for message in said) == sorted(
        ["before", *(str(n) for n in range(MANY))]
    )
    assert [message["seq"] for message in said] == list(range(1, MANY + 2))


async def test_whatever_is_done_at_once_in_several_groups_nobody_waits_for_ever(
    settings: Settings, live_group: Group
) -> None:
    """Of two who wait for each other, Postgres would end one: it would be answered by 503."""
    alice, bob, carol, dave = live_group.members.values()
    second = await live_group.house.conversation(alice, bob, carol, dave, title="Dinner")
    groups = [live_group, replace(live_group, conversation=second)]
    here = [bob, carol, dave, live_group.mallory]
    async with serve(settings) as other:
        people = [*here, *(elsewhere(other, person) for person in here)]
        bustles = [Bustle(group, people, Random(n)) for n, group in enumerate(groups)]
        for bustle in bustles:
            hello = (await bustle.group.post(alice, "Hello")).json()
            bustle.said.append((hello["id"], alice))
        for _ in range(10):
            await asyncio.gather(*(bustle.act() for bustle in bustles for _ in range(8)))
            await all_is_counted(live_group.house)
    assert all(bustle.done["_post"] and bustle.done["_go"] for bustle in bustles)
