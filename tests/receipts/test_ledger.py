"""Marks are written together: soon, and not one by one."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product

import pytest

from app.kit import log
from app.kit.errors import NotFound, Unavailable
from app.kit.settings import Settings
from app.messages.events import topic_of
from app.models import Conversation
from app.receipts.ledger import Ledger
from app.receipts.marks import Mark
from tests.conftest import serve
from tests.conversations.test_starting import crowd
from tests.counting import count_queries
from tests.factories import House
from tests.houses import changed
from tests.members.groups import Group
from tests.receipts.marks import receipts, said, unread
from tests.receipts.recounting import all_is_counted

# Longer than a test: what is not written at once is written at the end.
PAUSE_SECONDS = 60


@pytest.fixture
def patient(settings: Settings) -> Settings:
    return changed(settings, marks_pause_seconds=PAUSE_SECONDS)


@pytest.fixture
async def ledger(live_group: Group, patient: Settings) -> AsyncIterator[Ledger]:
    ledger = Ledger(live_group.house.database, patient)
    yield ledger
    await ledger.aclose()


async def keep_busy(ledger: Ledger, group: Group) -> None:
    """It was idle and writes at once; from here on it pauses."""
    marked = await ledger.write((group.conversation.id, group.alice.id), Mark.received(1))
    assert marked["conversation_id"] == group.conversation.id


async def test_two_hundred_marks_are_one_transaction(
    live_group: Group, ledger: Ledger, patient: Settings
) -> None:
    group, house = live_group, live_group.house
    people = await crowd(house, 40)
    talks = [await talk(house, group, people) for _ in range(5)]
    await keep_busy(ledger, group)

    async with count_queries(house) as statements:
        places = [(one.id, person) for one, person in product(talks, people)]
        marks = [ledger.note(place, Mark.read(1)) for place in places]
        await ledger.aclose()

    assert len(marks) == 200
    assert {mark.result()["unread_count"] for mark in marks} == {0}
    # To hold, to write, to take the places of the news, to write them.
    assert len(statements) == 4
    for one in talks:
        path = f"/conversations/{one.id}"
        shown = (await group.alice.client.get(f"{path}/receipts")).json()
        assert {receipt["user_id"] for receipt in shown["receipts"]} == set(people)
        events = (await group.alice.client.get(f"{path}/events?since=0")).json()["events"]
        assert [event["type"] for event in events] == ["message.created", "receipts.updated"]
    await all_is_counted(house)


async def talk(house: House, group: Group, people: list[int]) -> Conversation:
    started = await group.alice.client.post("/conversations", json={"participant_ids": people})
    conversation = Conversation(id=started.json()["id"])
    await house.message(conversation, group.alice)
    return conversation


async def test_one_that_finds_it_idle_does_not_wait(live_group: Group, ledger: Ledger) -> None:
    head = await said(live_group, live_group.alice)

    await ledger.write((live_group.conversation.id, live_group.bob.id), Mark.read(head))

    assert await unread(live_group, live_group.bob) == (head, 0, 0)


async def test_what_is_left_is_written_at_the_end(live_group: Group, ledger: Ledger) -> None:
    """Also when somebody has left meanwhile: it is the others' all the same."""
    group = live_group
    head = await said(group, group.alice)
    await keep_busy(ledger, group)

    marks = [
        ledger.note((group.conversation.id, person.id), Mark.read(head))
        for person in (group.bob, group.carol, group.dave)
    ]
    await group.leave(group.carol)
    assert await unread(group, group.bob) == (0, 1, 0)
    await ledger.aclose()

    bobs, carols, daves = marks
    assert bobs.result()["unread_count"] == daves.result()["unread_count"] == 0
    assert isinstance(carols.exception(), NotFound)
    assert await unread(group, group.bob) == (head, 0, 0)
    assert set(await receipts(group, group.alice)) == {
        *(person.id for person in (group.alice, group.bob, group.dave))
    }


async def test_only_so_many_wait(live_group: Group, patient: Settings) -> None:
    group, id = live_group, live_group.conversation.id
    ledger = Ledger(group.house.database, changed(patient, marks_waiting_max=2))
    await keep_busy(ledger, group)
    marks = [ledger.note((id, person.id), Mark.read(1)) for person in (group.bob, group.carol)]

    with pytest.raises(Unavailable):
        ledger.note((id, group.dave.id), Mark.read(1))
    marks.append(ledger.note((id, group.bob.id), Mark.read(2)))

    await ledger.aclose()
    assert [mark.done() for mark in marks] == [True] * 3


async def test_who_goes_away_takes_nothing_from_the_others(
    live_group: Group, ledger: Ledger
) -> None:
    head = await said(live_group, live_group.alice)
    place = (live_group.conversation.id, live_group.bob.id)
    await keep_busy(ledger, live_group)
    leaving, staying = [asyncio.create_task(ledger.write(place, Mark.read(head))) for _ in range(2)]
    await asyncio.sleep(0)

    leaving.cancel()
    await ledger.aclose()

    assert (await staying)["last_read_seq"] == head


async def test_a_conversation_that_cannot_be_written_fails_alone(
    live_group: Group, settings: Settings
) -> None:
    """Somebody holds it for longer than anybody waits."""
    group, bob = live_group, live_group.bob
    other = await group.house.conversation(group.alice, bob)
    busy = await group.house.conversation(bob, group.carol)
    impatient = changed(settings, database_lock_timeout_seconds=0.1)
    async with serve(impatient) as house, group.house.session() as session:
        await group.house.message(busy, bob)
        await log.hold(session, topic_of(busy.id))
        ledger: Ledger = house.state["ledger"]
        places = [(one.id, bob.id) for one in (group.conversation, busy, other)]
        answers = await asyncio.gather(
            *(ledger.write(place, Mark.unread(0)) for place in places), return_exceptions=True
        )
        await session.rollback()
        again = await ledger.write((busy.id, bob.id), Mark.read(1))

    assert [isinstance(one, Unavailable) for one in answers] == [False, True, False]
    assert again["last_read_seq"] == 1


KINDS = (Mark.read, Mark.unread, Mark.received)
SEQS, HEAD = range(5), 3


def test_several_are_what_they_would_be_one_after_another() -> None:
    single = [kind(seq) for kind, seq in product(KINDS, SEQS)]
    for marks in product(single, repeat=3):
        together = Mark()
        for mark in marks:
            together = together.then(mark)
        for before in range(HEAD + 1):
            after = before
            for mark in marks:
                after = moved(after, mark)
            assert moved(before, together) == after, (before, marks)
        assert together.seen == max(mark.seen for mark in marks)
        assert together.delivered == max(mark.delivered for mark in marks)


def moved(last_read_seq: int, mark: Mark) -> int:
    """As the statement does it."""
    mark = mark.up_to(HEAD)
    return min(max(last_read_seq, mark.at_least), mark.at_most)
