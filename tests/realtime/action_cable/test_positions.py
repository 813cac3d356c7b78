"""Where a frame stands in its stream: `stream_id`, `epoch` and `offset` are the log's."""

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.action_cable.sockets import EXT, V1, following, identify, welcomed
from tests.realtime.sockets import Room


async def test_the_exact_frame_of_a_message(room: Room) -> None:
    identifier = identify(room.id)
    async with room.cable(room.bob) as native:
        epoch = (await native.next_of("welcome"))["epoch"]

    async with following(room.house, room.bob, identifier, EXT) as cable:
        for n in range(3):
            said = await room.say(f"message {n}")
            assert await cable.next() == {
                "identifier": identifier,
                "message": {"message": said},
                "stream_id": f"conversation:{room.id}",
                "epoch": epoch,
                "offset": said["seq"],
            }


async def test_both_protocols_hear_the_same(settings: Settings, room: Room) -> None:
    identifier = identify(room.id)

    async with (
        serve(settings) as other,
        following(other, room.bob, identifier, EXT) as extended,
        following(other, room.bob, identifier, V1) as base,
    ):
        await room.say("Hello")
        positioned, plain = await extended.next(), await base.next()

    assert set(plain) == {"identifier", "message"}
    assert plain == {name: positioned[name] for name in plain}


async def test_every_session_has_a_name_of_its_own_that_nobody_guesses(room: Room) -> None:
    """At least 128 bits, which are 22 characters of base64."""
    async with (
        welcomed(room.house, room.bob, EXT, x_request_id="chosen-by-the-client") as one,
        welcomed(room.house, room.bob, EXT, x_request_id="chosen-by-the-client") as two,
    ):
        names = {one.sid, two.sid}

    assert len(names) == 2
    assert all(len(name) >= 22 and "chosen" not in name for name in names)
