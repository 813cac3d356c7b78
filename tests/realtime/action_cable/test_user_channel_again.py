"""UserChannel after a break: what was missed in every stream, and in those that are new."""

import pytest
from sqlalchemy import text

from tests.realtime.action_cable.sockets import EXT, USER_CHANNEL, open_socket, welcomed
from tests.realtime.action_cable.test_user_channel import follow_all, next_message, start
from tests.realtime.sockets import Room


async def test_what_was_missed_in_every_stream_is_replayed(room: Room) -> None:
    carol = await room.house.person("carol")
    other = await room.house.conversation(room.bob, carol)
    async with welcomed(room.house, room.bob, EXT) as cable:
        await follow_all(cable)
        await room.say("seen here")
        await room.house.message(other, carol, "seen there")
        await room.bob.client.patch("/users/me", json={"name": "Rob"})
        seen = await cable.take(3)
        cable.drop()

    here = await room.say("missed here")
    there = await room.house.message(other, carol, "missed there")
    await room.bob.client.patch("/users/me", json={"name": "Robert"})
    async with open_socket(room.house, room.bob, (EXT,), f"?sid={cable.sid}") as cable:
        assert (await cable.welcome())["restored_ids"] == [USER_CHANNEL]
        frames = await cable.history(USER_CHANNEL, *seen)
        now = await room.say("now")
        assert (await next_message(cable))["message"] == now

    missed = {frame["stream_id"]: frame["message"] for frame in frames[:-1]}
    assert frames[-1]["type"] == "confirm_history"
    assert len(frames) == 4
    assert missed[f"conversation:{room.id}"]["message"] == here
    assert missed[f"conversation:{other.id}"]["message"] == there
    assert missed[f"user:{room.bob.id}"]["type"] == "profile.edited"


@pytest.mark.parametrize("restored", [True, False])
async def test_a_conversation_begun_while_one_was_away_is_replayed_too(
    room: Room, restored: bool
) -> None:
    carol = await room.house.person("carol")
    async with welcomed(room.house, room.bob, EXT) as cable:
        await follow_all(cable)
        await room.bob.client.patch("/users/me", json={"name": "Rob"})
        seen = [await cable.next()]
        await room.say("seen")
        seen.append(await cable.next())
        cable.drop()

    id = await start(room.house, carol, room.bob)
    await carol.client.post(f"/conversations/{id}/messages", json={"body": "Hello"})
    streams = {f["stream_id"]: {"epoch": f["epoch"], "offset": f["offset"]} for f in seen}
    query = f"?sid={cable.sid}" if restored else ""
    async with open_socket(room.house, room.bob, (EXT,), query) as cable:
        await cable.welcome()
        # As a client asks: with the time of the last ping.
        if restored:
            frames = await cable.history(USER_CHANNEL, *seen, since=2)
        else:
            history = {"since": 2, "streams": streams}
            await cable.command("subscribe", USER_CHANNEL, history=history)
            frames = await cable.until("confirm_history")

    told = [f["message"]["type"] for f in frames if f.get("stream_id") == f"user:{room.bob.id}"]
    heard = [f["message"]["message"]["body"] for f in frames if f.get("offset") == 1]
    assert told[-1] == "conversation.created"
    assert "Hello" in heard


@pytest.mark.parametrize("wrong", [{"epoch": "0badbad0"}, {"offset": 99}, {"offset": 0}], ids=str)
async def test_one_stream_that_cannot_be_served_refuses_all_of_them(
    room: Room, wrong: dict[str, object]
) -> None:
    carol = await room.house.person("carol")
    other = await room.house.conversation(room.bob, carol)
    async with welcomed(room.house, room.bob, EXT) as cable:
        await follow_all(cable)
        await room.say("seen here")
        await room.house.message(other, carol, "seen there")
        seen = await cable.take(2)
    await room.say("missed here")
    await room.house.message(other, carol, "missed there")
    async with room.house.session() as session:  # The oldest is not kept any more.
        await session.execute(text("DELETE FROM events WHERE seq = 1"))

    async with welcomed(room.house, room.bob, EXT) as cable:
        await follow_all(cable)
        frames = await cable.history(USER_CHANNEL, seen[0], seen[1] | wrong)
        assert frames == [{"type": "reject_history", "identifier": USER_CHANNEL}]
        now = await room.say("now")
        assert (await next_message(cable))["message"] == now


async def test_a_stream_of_others_is_neither_replayed_nor_a_reason_to_refuse(room: Room) -> None:
    carol = await room.house.person("carol")
    theirs = await room.house.conversation(room.alice, carol)
    await room.house.message(theirs, carol, "not for bob")

    async with welcomed(room.house, room.bob, EXT) as cable:
        await follow_all(cable)
        await room.say("seen")
        seen = await cable.next()
        foreign = {"stream_id": f"conversation:{theirs.id}"}
        for place in ({"offset": 0}, {"offset": 99}, {"epoch": "0badbad0"}):
            frames = await cable.history(USER_CHANNEL, seen, seen | foreign | place)
            assert frames == [{"type": "confirm_history", "identifier": USER_CHANNEL}]
