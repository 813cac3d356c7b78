"""Everything that concerns one person, on one stream or by requests that wait."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.kit import log
from app.kit.broker import RedisBroker
from app.kit.settings import Settings
from app.messages.events import topic_of
from app.realtime.cursor import read_user_cursor
from app.realtime.user_feed import UserFeed
from tests.conftest import serve
from tests.factories import PASSWORD, House, Person
from tests.realtime.feed.streams import (
    Listening,
    Stream,
    everything_is_released,
    open_stream,
    poll,
    somebody_listens,
)
from tests.realtime.sockets import Room

PATH = "/events"


def follow(room: Room, person: Person, cursor: str | None = None) -> Any:
    headers = {} if cursor is None else {"last_event_id": cursor}
    return open_stream(room.house, person, PATH, **headers)


async def said_in(stream: Stream) -> tuple[int, str]:
    data = await stream.data_of("message.created")
    return data["conversation_id"], data["message"]["body"]


async def test_the_welcome_comes_first_with_a_cursor(room: Room) -> None:
    await room.say("before")
    async with follow(room, room.bob) as stream:
        welcome = await stream.next()
    here = await poll(room.bob, PATH)

    assert welcome.event == "welcome"
    assert welcome.data is not None
    assert welcome.data == {
        "type": "welcome",
        "user_id": room.bob.id,
        "epoch": welcome.data["epoch"],
        "cursor": here["cursor"],
        "heartbeat_seconds": 15,
    }
    assert welcome.id == here["cursor"]
    assert here["events"] == []


async def test_events_are_those_of_the_sockets(room: Room) -> None:
    async with room.cable(room.bob) as cable, follow(room, room.bob) as stream:
        await cable.next_of("welcome")
        here = (await stream.data_of("welcome"))["cursor"]
        await room.say("hello")
        sent, frame = await stream.next(), await cable.next()

    assert sent.data == frame
    assert (await poll(room.bob, PATH, since=here))["events"] == [frame]


async def test_a_new_conversation_is_heard_of_and_followed(room: Room) -> None:
    carol = await room.house.person("carol")
    here = await poll(room.bob, PATH)
    async with follow(room, room.bob) as stream:
        await stream.next_of("welcome")
        conversation = await room.house.conversation(carol, room.bob)
        created = await stream.data_of("conversation.created")
        said = await room.house.message(conversation, carol, "hello bob")
        message = await stream.data_of("message.created")
        await room.say("and here")
        assert await said_in(stream) == (room.id, "and here")

    assert created["user_id"] == room.bob.id
    assert created["conversation"]["id"] == conversation.id
    assert message["message"] == said
    # The same, by those who were away.
    missed = (await poll(room.bob, PATH, since=here["cursor"]))["events"]
    async with follow(room, room.bob, here["cursor"]) as again:
        await again.next_of("welcome")
        assert [(await again.next()).data for _ in range(3)] == missed
    assert missed[0] == created
    assert message in missed
    assert len(missed) == 3


async def test_what_was_said_in_a_new_conversation_before_it_was_followed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is quick: the first messages are in the log before the feed has looked again."""
    look_again, may_look = UserFeed._look_again, asyncio.Event()

    async def look_late(self: UserFeed) -> None:
        await may_look.wait()
        await look_again(self)

    monkeypatch.setattr(UserFeed, "_look_again", look_late)
    async with follow(room, room.bob) as stream:
        await stream.next_of("welcome")
        conversation = await room.house.conversation(room.bob, await room.house.person("carol"))
        await stream.next_of("conversation.created")
        cut_here = stream.last_id
        for n in range(3):
            await room.house.message(conversation, room.bob, f"{n}")
        may_look.set()
        assert [await said_in(stream) for _ in range(3)] == [
            (conversation.id, f"{n}") for n in range(3)
        ]
    # Who was cut off in between, too.
    async with follow(room, room.bob, cut_here) as again:
        assert [(await said_in(again))[1] for _ in range(3)] == ["0", "1", "2"]


async def test_a_conversation_that_begins_while_one_comes_in_is_not_overlooked(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the conversations were listed, and before the present was taken."""
    carol = await room.house.person("carol")
    listed, may_go_on = asyncio.Event(), asyncio.Event()
    list_memberships = UserFeed._list_memberships

    async def list_slowly(self: UserFeed) -> dict[int, int]:
        memberships = await list_memberships(self)
        listed.set()
        await may_go_on.wait()
        return memberships

    monkeypatch.setattr(UserFeed, "_list_memberships", list_slowly)
    async with asyncio.TaskGroup() as tasks:
        entering = tasks.create_task(_first_words(room))
        await listed.wait()
        conversation = await room.house.conversation(carol, room.bob)
        own = room.house.state["hub"]._channels[f"user:{room.bob.id}"]
        while own.position.seq == 0:
            await asyncio.sleep(0.01)
        may_go_on.set()
        while topic_of(conversation.id) not in room.house.state["hub"]._channels:
            await asyncio.sleep(0.01)
        await room.house.message(conversation, carol, "overlooked?")

    assert entering.result() == (conversation.id, "overlooked?")


async def _first_words(room: Room) -> tuple[int, str]:
    async with follow(room, room.bob) as stream:
        return await said_in(stream)


async def test_ones_profile_and_logins_are_heard_of(room: Room) -> None:
    here = await poll(room.bob, PATH)
    async with follow(room, room.bob) as stream, follow(room, room.alice) as alice:
        await stream.next_of("welcome")
        await alice.next_of("welcome")
        await room.bob.client.patch("/users/me", json={"user": {"name": "Robert"}})
        edited = await stream.data_of("profile.edited")
        elsewhere = room.house.client()
        credentials = {"email": room.bob.user.email, "password": PASSWORD}
        await elsewhere.post("/users/sign_in", json={"user": credentials})
        created = await stream.data_of("login.created")
        await elsewhere.delete("/users/sign_out")
        ended = await stream.data_of("login.ended")
        said = await room.say("for both")
        assert (await alice.next()).data is not None

    assert edited["user"]["name"] == "Robert"
    assert created["login"] == ended["login"]
    events = (await poll(room.bob, PATH, since=here["cursor"]))["events"]
    assert events[:3] == [edited, created, ended]
    assert events[3]["message"] == said


async def test_typing_in_any_conversation_is_heard_and_has_no_id(room: Room) -> None:
    async with room.cable(room.alice) as alice, follow(room, room.bob) as stream:
        await alice.next_of("welcome")
        await stream.next_of("welcome")
        await alice.say(type="typing")
        typing = await stream.next()

    assert (typing.event, typing.id) == ("typing", None)


async def test_a_waiting_request_is_answered_as_soon_as_something_happens(room: Room) -> None:
    here = await poll(room.bob, PATH)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(poll(room.bob, PATH, since=here["cursor"], wait=60))
        await somebody_listens(room.house)
        said = await room.say("now")
    answer = waiting.result()

    assert [event["message"] for event in answer["events"]] == [said]
    assert (await poll(room.bob, PATH, since=answer["cursor"]))["events"] == []
    nothing = await poll(room.bob, PATH, since=answer["cursor"], wait="0.05")
    assert nothing == {"events": [], "cursor": answer["cursor"]}
    await everything_is_released(room.house)


async def foreign_cursors(room: Room) -> dict[str, str]:
    here = (await poll(room.bob, PATH))["cursor"]
    numbers = here.partition(".")[2]
    return {
        "of another person": (await poll(room.alice, PATH))["cursor"],
        "of another epoch": f"0ddba11.{numbers}",
        "cut off": here.partition(".")[0] + ".gICA",
        "garbage": "swordfish",
        "of one conversation": "17",
        "empty": "",
    }


async def test_a_cursor_that_is_not_ones_own_begins_anew_once(room: Room) -> None:
    await room.say("before")
    for what, cursor in (await foreign_cursors(room)).items():
        here = await poll(room.bob, PATH)
        answer = await poll(room.bob, PATH, since=cursor, wait=60)
        assert answer == here | {"resync_required": True}, what
        async with open_stream(room.house, room.bob, f"{PATH}?since={cursor}") as stream:
            await stream.next_of("welcome")
            resync = await stream.next()
            assert resync.data == {"type": "resync_required", "cursor": here["cursor"]}, what
            assert resync.id == here["cursor"]
            await room.say("after")
            assert await said_in(stream) == (room.id, "after")


async def test_one_conversation_that_cannot_be_served_is_named(room: Room) -> None:
    other = await room.house.conversation(room.bob, await room.house.person("carol"))
    here = await poll(room.bob, PATH)
    for n in range(3):
        await room.say(f"here {n}")
        await room.house.message(other, room.bob, f"there {n}")
    async with room.house.session() as session:
        await session.execute(
            text("DELETE FROM events WHERE seq < 3 AND topic = :topic"),
            {"topic": topic_of(room.id)},
        )
        epoch = (await log.position(session, topic_of(room.id))).epoch
    lost = {
        "type": "resync_required",
        "conversation_id": room.id,
        "seq": 3,
        "epoch": epoch,
    }

    answer = await poll(room.bob, PATH, since=here["cursor"])
    assert [e.get("message", e) for e in answer["events"]].count(lost) == 1
    assert "resync_required" not in answer
    heard = []
    async with follow(room, room.bob, here["cursor"]) as stream:
        await stream.next_of("welcome")
        heard = [(await stream.next()).data for _ in range(4)]
    assert sorted(map(str, heard)) == sorted(map(str, answer["events"]))
    assert [e["message"]["body"] for e in heard if e and "message" in e] == [
        f"there {n}" for n in range(3)
    ]
    assert (await poll(room.bob, PATH, since=stream.last_id))["events"] == []


async def test_two_feeds_of_one_person_hear_the_same(room: Room) -> None:
    async with follow(room, room.bob) as one, follow(room, room.bob) as another:
        for stream in (one, another):
            await stream.next_of("welcome")
        await room.say("one")
        conversation = await room.house.conversation(room.bob, await room.house.person())
        await room.house.message(conversation, room.bob, "two")
        for stream in (one, another):
            assert sorted([await said_in(stream), await said_in(stream)]) == [
                (room.id, "one"),
                (conversation.id, "two"),
            ]
    assert one.last_id == another.last_id


async def open_many(house: House, person: Person, count: int) -> list[int]:
    """As the house would: rows and topics, without hundreds of people."""
    async with house.session() as session:
        rows = await session.execute(
            text(
                'INSERT INTO conversations (title, "group")'
                " SELECT 'one of many', true FROM generate_series(1, :count) RETURNING id"
            ),
            {"count": count},
        )
        ids = list(rows.scalars())
        await session.execute(
            text(
                "INSERT INTO participants (conversation_id, user_id)"
                " SELECT unnest(cast(:ids AS bigint[])), :id"
            ),
            {"ids": ids, "id": person.id},
        )
        for id in ids:
            await log.open_topic(session, topic_of(id))
        return ids


async def test_three_hundred_conversations_fit_in_one_cursor(room: Room) -> None:
    ids = await open_many(room.house, room.bob, 300)
    quiet, loud = ids[:-20], ids[-20:]
    async with follow(room, room.bob) as stream:
        await stream.next_of("welcome")
        for n, id in enumerate(loud):
            await room.bob.client.post(f"/conversations/{id}/messages", json={"body": str(n)})
        heard = [await said_in(stream) for _ in range(10)]
    assert stream.last_id is not None
    assert len(stream.last_id) < 3_000

    async with follow(room, room.bob, stream.last_id) as again:
        heard += [await said_in(again) for _ in range(10)]
        assert sorted(heard) == sorted((id, str(n)) for n, id in enumerate(loud))
        await room.bob.client.post(f"/conversations/{quiet[0]}/messages", json={"body": "last"})
        assert await said_in(again) == (quiet[0], "last")
    cursor = read_user_cursor(again.last_id or "")
    assert cursor is not None
    assert len(cursor.conversations) == 301


async def test_a_cursor_outlives_the_server(settings: Settings, room: Room) -> None:
    async with serve(settings) as house, open_stream(house, room.bob, PATH) as stream:
        await stream.next_of("welcome")
        await room.say("one")
        await stream.next_of("message.created")
    await room.say("two")

    resumed = {"last_event_id": stream.last_id or ""}
    async with serve(settings) as house, open_stream(house, room.bob, PATH, **resumed) as again:
        assert await said_in(again) == (room.id, "two")


async def test_a_doorbell_that_never_rings_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with follow(room, room.bob) as stream:
        await stream.next_of("welcome")
        monkeypatch.setattr(RedisBroker, "ring", lambda self, envelopes: None)
        conversation = await room.house.conversation(room.bob, await room.house.person())
        await room.house.message(conversation, room.bob, "unheard?")
        assert await said_in(stream) == (conversation.id, "unheard?")


async def test_an_outsider_hears_nothing(room: Room) -> None:
    carol = await room.house.person("carol")
    elsewhere = await room.house.conversation(carol, room.bob)
    here = await poll(carol, PATH)
    async with follow(room, carol) as stream:
        await stream.next_of("welcome")
        await room.say("not for carol")
        await room.bob.client.patch("/users/me", json={"user": {"name": "Robert"}})
        said = await room.house.message(elsewhere, room.bob, "for carol")
        assert ((await stream.next()).data or {})["message"] == said
    events = (await poll(carol, PATH, since=here["cursor"]))["events"]
    assert [event["message"] for event in events] == [said]


async def test_a_cursor_does_not_open_what_is_not_ones_own(listening: Listening) -> None:
    """Somebody who was in a conversation, and still has a cursor that names it."""
    room = listening.room
    here = await poll(room.bob, PATH)
    async with room.house.session() as session:
        await session.execute(
            text("DELETE FROM participants WHERE user_id = :id"), {"id": room.bob.id}
        )
    await room.say("not for bob any more")

    assert (await poll(room.bob, PATH, since=here["cursor"]))["events"] == []
    async with follow(room, room.bob, here["cursor"]) as stream:
        await stream.next_of("welcome")
        await room.bob.client.patch("/users/me", json={"user": {"name": "Robert"}})
        assert (await stream.next()).event == "profile.edited"
