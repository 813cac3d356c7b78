"""The native socket: /cable/<conversation_id>"""

import pytest
from sqlalchemy import text
from websockets.exceptions import InvalidStatus

from app.kit import log
from app.kit.settings import Settings
from app.messages import actions as messages
from app.messages.schemas import MessageDraft
from tests.conftest import serve
from tests.realtime.sockets import Room, open_cable


async def test_the_welcome_comes_first_and_then_what_happens(room: Room) -> None:
    before = await room.say("before")

    async with room.cable(room.bob) as cable:
        welcome = await cable.next()
        posted = await room.alice.client.post(room.path, json={"body": "now"})
        event = await cable.next()

    assert welcome["type"] == "welcome"
    assert welcome["conversation_id"] == room.id
    assert welcome["seq"] == before["seq"]
    assert welcome["cursor"] == f"{welcome['epoch']}.{before['seq']}"
    assert event == {
        "type": "message.created",
        "conversation_id": room.id,
        "seq": posted.json()["seq"],
        "at": posted.json()["created_at"],
        "message": posted.json(),
    }


async def test_what_was_missed_comes_after_the_welcome_in_order(room: Room) -> None:
    first = await room.say("first")
    missed = [await room.say(f"missed {n}") for n in range(3)]

    async with room.cable(room.bob, f"?since={first['seq']}") as cable:
        welcome = await cable.next()
        heard = [await cable.next() for _ in missed]
        now = await room.say("now")
        last = await cable.next()

    assert welcome["seq"] == missed[-1]["seq"]
    assert [event["message"] for event in [*heard, last]] == [*missed, now]


async def test_a_cursor_with_its_epoch_resumes_too(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        cursor = (await cable.next())["cursor"]
    missed = await room.say("missed")

    async with room.cable(room.bob, f"?since={cursor}") as cable:
        await cable.next_of("welcome")
        assert (await cable.next())["message"] == missed


async def test_more_is_missed_than_is_read_at_once(room: Room) -> None:
    async with room.house.session() as session:
        for n in range(1_200):
            draft = MessageDraft(body=f"message {n}")
            await messages.post_within(session, room.conversation.id, room.alice.id, draft)

    async with room.cable(room.bob, "?since=0") as cable:
        await cable.next_of("welcome")
        heard = [(await cable.next())["seq"] for _ in range(1_200)]

    assert heard == list(range(1, 1_201))


async def test_what_was_missed_may_be_more_than_an_outbox_holds(
    settings: Settings, room: Room
) -> None:
    small = settings.model_copy(update={"outbox_max_bytes": 200_000})
    said = [await room.say(f"{n} " + "x" * 9_990) for n in range(100)]

    async with serve(small) as house, open_cable(house, room.bob, room.id, "?since=0") as cable:
        await cable.next_of("welcome")
        assert [(await cable.next())["message"] for _ in said] == said


@pytest.mark.parametrize("since", ["99", "abc", "-1", "1e3", "0badbad0.1", "9" * 30, "", "٤"])
async def test_a_cursor_that_cannot_be_served_is_said_and_never_a_silent_hole(
    room: Room, since: str
) -> None:
    await room.say("one")

    async with room.cable(room.bob, f"?since={since}") as cable:
        welcome = await cable.next()
        resync = await cable.next()
        now = await room.say("now")
        event = await cable.next()

    assert welcome["type"] == "welcome"
    assert resync["type"] == "resync_required"
    assert resync["seq"] == welcome["seq"] == 1
    assert event["message"] == now


async def test_a_cursor_older_than_the_log_must_start_anew(room: Room) -> None:
    for n in range(3):
        await room.say(f"old {n}")
    async with room.house.session() as session:
        await session.execute(text("DELETE FROM events WHERE seq < 3"))

    async with room.cable(room.bob, "?since=1") as cable:
        await cable.next_of("welcome")
        assert (await cable.next())["type"] == "resync_required"
    async with room.cable(room.bob, "?since=2") as cable:
        await cable.next_of("welcome")
        assert (await cable.next())["seq"] == 3


async def test_old_cursors_start_anew_after_the_data_were_replaced(room: Room) -> None:
    await room.say("before")
    async with room.cable(room.bob) as cable:
        old = await cable.next()
        async with room.house.session() as session:
            await log.renew_epoch(session)
        told = await cable.next_of("resync_required")

    async with room.cable(room.bob, f"?since={old['cursor']}") as cable:
        new = await cable.next()
        assert (await cable.next())["type"] == "resync_required"
    assert told["epoch"] == new["epoch"] != old["epoch"]


async def test_a_bearer_token_signs_in_as_the_cookie_does(room: Room) -> None:
    token = room.bob.cookie.partition("=")[2]

    async with open_cable(room.house, None, room.id, authorization=f"Bearer {token}") as cable:
        assert (await cable.next())["type"] == "welcome"


async def test_nobody_is_told_to_sign_in(room: Room) -> None:
    async with open_cable(room.house, None, room.id) as cable:
        assert await cable.goodbye() == (4401, "unauthenticated")
    async with open_cable(room.house, None, "abc") as cable:
        assert await cable.goodbye() == (4401, "unauthenticated")


async def test_an_outsider_learns_nothing_of_a_conversation(room: Room) -> None:
    carol = await room.house.person("carol")

    for conversation in (room.id, room.id + 1000, "abc", f"0{room.id}", "9" * 30):
        async with open_cable(room.house, carol, conversation) as cable:
            assert await cable.goodbye() == (4404, "not_found")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_a_page_of_another_site_is_refused(room: Room, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with open_cable(room.house, room.bob, room.id, origin=origin):
            pass

    assert refused.value.response.status_code == 403
    async with open_cable(room.house, room.bob, room.id, origin=room.house.base_url) as cable:
        assert (await cable.next())["type"] == "welcome"


async def test_a_silence_is_broken_by_a_heartbeat(settings: Settings, room: Room) -> None:
    hasty = settings.model_copy(update={"heartbeat_seconds": 0.05})

    async with serve(hasty) as house, open_cable(house, room.bob, room.id) as cable:
        await cable.next_of("welcome")
        beats = [await cable.next() for _ in range(2)]

    assert beats == [{"type": "heartbeat", "seq": 0}] * 2
