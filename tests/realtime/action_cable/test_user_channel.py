"""UserChannel: everything that concerns the signed-in user, on one subscription."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.auth.signing import sign_in
from tests.factories import House, Person
from tests.realtime.action_cable.sockets import (
    EXT,
    USER_CHANNEL,
    V1,
    ActionCable,
    Frame,
    confirmation,
    following,
    identify,
    welcomed,
)
from tests.realtime.sockets import Room


async def follow_all(cable: ActionCable, **more: object) -> Frame:
    """Subscribe. Answers what is transmitted before the confirmation."""
    await cable.command("subscribe", USER_CHANNEL, **more)
    welcome = await cable.next()
    assert await cable.next() == confirmation(USER_CHANNEL)
    assert set(welcome) == {"identifier", "message"}
    message: Frame = welcome["message"]
    return message


async def start(house: House, *people: Person) -> int:
    answer = await people[0].client.post(
        "/conversations", json={"participant_ids": [person.id for person in people]}
    )
    assert answer.status_code == 201
    id: int = answer.json()["id"]
    return id


async def next_message(cable: ActionCable) -> Any:
    frame = await cable.next_of(None)
    assert frame["identifier"] == USER_CHANNEL
    return frame["message"]


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_the_welcome_has_a_cursor_that_resumes_the_feed(room: Room, protocol: str) -> None:
    async with welcomed(room.house, room.bob, protocol) as cable:
        welcome = await follow_all(cable)
        said = await room.say("Hello")
        event = await next_message(cable)
        feed = await room.bob.client.get("/events", params={"since": welcome["cursor"]})

    assert welcome["type"] == "welcome"
    assert feed.status_code == 200
    assert [one["message"] for one in feed.json()["events"]] == [said]
    assert feed.json()["events"][0]["seq"] == event["seq"]


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_message_comes_as_on_the_native_socket(room: Room, protocol: str) -> None:
    async with room.cable(room.bob) as native, welcomed(room.house, room.bob, protocol) as cable:
        await native.next_of("welcome")
        await follow_all(cable)
        said = await room.say("Hello")
        event = await native.next()
        frame = await cable.next()

    assert frame["message"] == event
    assert event["message"] == said
    position = {"stream_id": f"conversation:{room.id}", "offset": said["seq"]}
    if protocol == EXT:
        assert set(frame) == {"identifier", "message", "stream_id", "epoch", "offset"}
        assert {name: frame[name] for name in position} == position
    else:
        assert set(frame) == {"identifier", "message"}


async def test_all_conversations_come_and_those_of_others_do_not(room: Room) -> None:
    carol = await room.house.person("carol")
    mine = await room.house.conversation(room.bob, carol)
    theirs = await room.house.conversation(room.alice, carol)

    async with welcomed(room.house, room.bob) as cable:
        await follow_all(cable)
        await room.house.message(theirs, carol, "not for bob")
        for conversation in (mine, room.conversation):
            await room.house.message(conversation, room.bob, "for bob")
            event = await next_message(cable)
            assert (event["type"], event["conversation_id"]) == (
                "message.created",
                conversation.id,
            )
            assert event["message"]["body"] == "for bob"


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_new_conversation_is_told_and_heard_at_once(room: Room, protocol: str) -> None:
    carol = await room.house.person("carol")

    async with welcomed(room.house, room.bob, protocol) as cable:
        await follow_all(cable)
        id = await start(room.house, carol, room.bob)
        told = await cable.next()
        await carol.client.post(f"/conversations/{id}/messages", json={"body": "Hello"})
        heard = await cable.next()

    event = told["message"]
    assert (event["type"], event["user_id"]) == ("conversation.created", room.bob.id)
    assert event["conversation"]["id"] == id
    assert {"seq", "at"} <= set(event)
    assert heard["message"]["message"]["body"] == "Hello"
    if protocol == EXT:
        assert (told["stream_id"], told["offset"]) == (f"user:{room.bob.id}", event["seq"])
        assert (heard["stream_id"], heard["offset"]) == (f"conversation:{id}", 1)


async def test_ones_own_profile_and_logins_are_told_to_oneself_alone(room: Room) -> None:
    async with (
        welcomed(room.house, room.bob) as bob,
        welcomed(room.house, room.alice) as alice,
    ):
        await follow_all(bob)
        await follow_all(alice)
        await room.bob.client.patch("/users/me", json={"name": "Robert"})
        edited = await next_message(bob)
        other = await sign_in(room.house, "bob@example.com")
        created = await next_message(bob)
        device = room.house.client()
        device.cookies.update(other.cookies)
        assert (await device.delete("/users/sign_out")).status_code == 204
        ended = await next_message(bob)
        said = await room.say("after")
        assert (await next_message(alice))["message"] == said

    assert (edited["type"], edited["user_id"]) == ("profile.edited", room.bob.id)
    assert "Robert" in str(edited)
    assert [created["type"], ended["type"]] == ["login.created", "login.ended"]
    assert created["login"]["id"] == ended["login"]["id"]
    assert edited["seq"] < created["seq"] < ended["seq"]


async def test_a_membership_that_ended_is_not_heard_any_more(room: Room) -> None:
    """Without anybody being told: who looks once a second sees that Alice and Bob are out."""
    carol = await room.house.person("carol")
    kept = await room.house.conversation(room.bob, carol)

    async with (
        welcomed(room.house, room.bob) as bob,
        following(room.house, room.alice, identify(room.id)) as alice,
    ):
        await follow_all(bob)
        async with room.house.session() as session:
            expel = "DELETE FROM participants WHERE conversation_id = :id"
            await session.execute(text(expel), {"id": room.id})
        await alice.farewell()
        async with room.house.session() as session:  # Alice is in again, and Bob is not.
            back = "INSERT INTO participants (conversation_id, user_id) VALUES (:id, :alice)"
            await session.execute(text(back), {"id": room.id, "alice": room.alice.id})
        await room.house.message(room.conversation, room.alice, "not for bob")
        there = await room.house.message(kept, carol, "for bob")
        assert (await next_message(bob))["message"] == there


async def test_two_on_one_connection_come_each_under_its_identifier(room: Room) -> None:
    identifier = identify(room.id)

    async with welcomed(room.house, room.bob) as cable:
        await follow_all(cable)
        await cable.follow(identifier)
        said = await room.say("Hello")
        frames = await cable.take(2)

    assert {frame["identifier"] for frame in frames} == {USER_CHANNEL, identifier}
    assert [frame["message"]["message"] for frame in frames] == [said, said]


async def test_nothing_can_be_done_by_it(room: Room) -> None:
    async with welcomed(room.house, room.bob) as cable:
        await follow_all(cable)
        await cable.perform(USER_CHANNEL, "speak", body="Hello", conversation_id=room.id)
        await cable.perform(USER_CHANNEL, "typing")
        await cable.command("whisper", USER_CHANNEL, data={"event": "wave"})
        assert await cable.meanwhile() == []
