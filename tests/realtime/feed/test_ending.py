"""How streams and waiting requests end: access that was taken, a server that leaves."""

import asyncio

import pytest
from sqlalchemy import text

from app.kit import log
from app.kit.errors import Unavailable
from app.kit.settings import Settings
from app.realtime.hub import Hub
from tests.answers import refusal
from tests.conftest import serve
from tests.factories import House, Person
from tests.realtime.feed.streams import (
    Listening,
    everything_is_released,
    open_stream,
    plain_client,
    poll,
    somebody_listens,
)
from tests.realtime.sockets import PATIENCE_SECONDS

EVERYTHING = "/events"


def forever(code: str) -> dict[str, object]:
    return {"type": "goodbye", "code": code, "come_back": False}


async def change(house: House, statement: str, person: Person) -> None:
    """Behind the house's back: nobody rings."""
    async with house.session() as session:
        await session.execute(text(statement), {"id": person.id})


END_LOGIN = "DELETE FROM logins WHERE user_id = :id"
EXPIRE_LOGIN = "UPDATE logins SET expires_at = now() WHERE user_id = :id"
END_MEMBERSHIP = "DELETE FROM participants WHERE user_id = :id"


@pytest.mark.parametrize(
    ("path", "statement", "code"),
    [
        ("conversation", END_LOGIN, "unauthenticated"),
        ("conversation", EXPIRE_LOGIN, "unauthenticated"),
        ("conversation", END_MEMBERSHIP, "access_taken"),
        (EVERYTHING, END_LOGIN, "unauthenticated"),
    ],
)
async def test_a_stream_ends_with_the_access(
    listening: Listening, path: str, statement: str, code: str
) -> None:
    room = listening.room
    path = listening.path if path == "conversation" else path
    async with open_stream(room.house, room.bob, path) as stream:
        await stream.next_of("welcome")
        await change(room.house, statement, room.bob)
        goodbye = await stream.next()
        assert goodbye.data == forever(code)
        assert (goodbye.id, goodbye.retry) == (None, None)
        assert await stream.ended()
    await everything_is_released(room.house)


@pytest.mark.parametrize(
    ("statement", "answer"),
    [(END_LOGIN, (401, "unauthenticated")), (END_MEMBERSHIP, (404, "not_found"))],
)
async def test_a_waiting_request_ends_with_the_answer_of_now(
    listening: Listening, statement: str, answer: tuple[int, str]
) -> None:
    room = listening.room
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(room.bob.client.get(f"{listening.path}?since=0&wait=60"))
        await somebody_listens(room.house)
        await change(room.house, statement, room.bob)

    assert refusal(waiting.result()) == answer
    assert refusal(await room.bob.client.get(f"{listening.path}?since=0&wait=60")) == answer
    await everything_is_released(room.house)


async def test_signing_out_ends_the_streams_of_that_login_and_of_no_other(
    listening: Listening,
) -> None:
    room = listening.room
    async with (
        listening.stream(room.bob) as bob,
        open_stream(room.house, room.bob, EVERYTHING) as everything,
        listening.stream(room.alice) as alice,
    ):
        for stream in (bob, everything, alice):
            await stream.next_of("welcome")
        await room.bob.client.delete("/users/sign_out")
        for stream in (bob, everything):
            assert await stream.data_of("goodbye") == forever("unauthenticated")
            assert await stream.ended()
        said = await room.say("still here")
        assert (await alice.data_of("message.created"))["message"] == said


async def test_who_lost_one_conversation_goes_on_to_hear_the_others(listening: Listening) -> None:
    room = listening.room
    other = await room.house.conversation(room.alice, room.bob, await room.house.person())
    async with open_stream(room.house, room.bob, EVERYTHING) as stream:
        await stream.next_of("welcome")
        await change(
            room.house,
            f"DELETE FROM participants WHERE user_id = :id AND conversation_id = {room.id}",
            room.bob,
        )
        hub = room.house.state["hub"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while f"conversation:{room.id}" in hub._channels:
                await asyncio.sleep(0.01)
        await room.say("not for bob any more")
        said = await room.house.message(other, room.alice, "for bob")
        assert (await stream.data_of("message.created"))["message"] == said

    for cursor in (stream.last_id, None):  # Nor does it come back by resuming.
        async with open_stream(
            room.house, room.bob, EVERYTHING + (f"?since={cursor}" if cursor else "")
        ) as again:
            await again.next_of("welcome")
            said = await room.house.message(other, room.alice, "again")
            assert (await again.data_of("message.created"))["message"] == said
    assert (await poll(room.bob, EVERYTHING, since=stream.last_id))["events"][0]["message"]


@pytest.mark.parametrize("path", ["conversation", EVERYTHING])
async def test_a_server_that_leaves_says_when_to_come_back(
    settings: Settings, listening: Listening, path: str
) -> None:
    room = listening.room
    path = listening.path if path == "conversation" else path
    async with serve(settings) as house:
        async with open_stream(house, room.bob, path) as stream:
            await stream.next_of("welcome")
            await house.state["connections"].drain(0)
            goodbye = await stream.next_of("goodbye")
            assert goodbye.data == {"type": "goodbye", "code": "restart", "come_back": True}
            assert goodbye.retry is not None
            assert 0 <= goodbye.retry <= settings.drain_seconds * 1000
            assert await stream.ended()
        await everything_is_released(house)
    said = await room.say("meanwhile")

    async with open_stream(room.house, room.bob, path, last_event_id=stream.last_id or "") as again:
        assert (await again.data_of("message.created"))["message"] == said


@pytest.mark.parametrize("path", ["conversation", EVERYTHING])
async def test_a_server_that_leaves_answers_those_who_wait(
    settings: Settings, listening: Listening, path: str
) -> None:
    room = listening.room
    path = listening.path if path == "conversation" else path
    here = await poll(room.bob, path)
    async with serve(settings) as house:
        address = f"{house.base_url}{path}"
        async with asyncio.TaskGroup() as tasks:
            ask = {"since": here["cursor"], "wait": 60}
            waiting = tasks.create_task(room.bob.client.get(address, params=ask))
            await somebody_listens(house)
            await house.state["connections"].drain(0)
        assert waiting.result().json() == here
        # Who comes now, by a connection that is still open, is not kept either.
        assert (await room.bob.client.get(address, params=ask)).json() == here


async def test_a_log_that_cannot_be_read_ends_what_has_begun(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    room = listening.room
    await room.say("one")
    monkeypatch.setattr(log, "since", away)
    async with listening.stream(room.bob, since=0) as stream:
        goodbye = {"type": "goodbye", "code": "unavailable", "come_back": True}
        assert await stream.data_of("goodbye") == goodbye
        assert await stream.ended()
    await everything_is_released(room.house)


async def test_a_mistake_of_ours_ends_what_has_begun(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    room = listening.room
    monkeypatch.setattr(Hub, "resume", mistaken)
    async with listening.stream(room.bob, since=0) as stream:
        assert (await stream.data_of("goodbye"))["code"] == "internal"
        assert await stream.ended()
    waiting = await plain_client(room.house).get(
        f"{listening.path}?since=0&wait=60", headers={"Cookie": room.bob.cookie}
    )
    assert refusal(waiting) == (500, "internal")
    await everything_is_released(room.house)


async def test_before_it_begins_it_is_an_ordinary_error(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    room = listening.room
    monkeypatch.setattr(Hub, "follow", away)
    for path in (listening.path, EVERYTHING):
        async with open_stream(room.house, room.bob, path) as stream:
            assert refusal(stream.answer) == (503, "unavailable")
            assert stream.answer.headers["retry-after"]
    waiting = await room.bob.client.get(f"{listening.path}?since=0&wait=60")
    assert refusal(waiting) == (503, "unavailable")
    await everything_is_released(room.house)
