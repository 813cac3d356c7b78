"""Who may hear and say what, live: the second table of `tests/matrix.py`, scene by scene."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.cast import Actor, Cast, cast, leave
from tests.factories import House, Person
from tests.matrix import LIVE_ACCESS
from tests.realtime.action_cable.sockets import (
    EXT,
    USER_CHANNEL,
    ActionCable,
    identify,
    open_socket,
)
from tests.realtime.feed.streams import plain_client, poll
from tests.realtime.sockets import Cable, open_cable

Scene = Callable[[Cast, Actor], Awaitable[str]]
NOT_REACHED = "-"


async def greeting(cable: Cable) -> str:
    try:
        frame = await cable.next()
    except ConnectionClosed:
        return str(cable.socket.close_code)
    return str(frame.get("reason", frame["type"]))


# /cable/<conversation_id>


def native(people: Cast, actor: Actor, query: str = "") -> AbstractAsyncContextManager[Cable]:
    headers = people.headers(actor)
    return open_cable(people.house, None, people.conversation.id, query, **headers)


async def connect(people: Cast, actor: Actor, query: str = "") -> str:
    async with native(people, actor, query) as cable:
        return await greeting(cable)


async def ask(people: Cast, actor: Actor, **command: Any) -> str:
    async with native(people, actor) as cable:
        if await greeting(cable) != "welcome":
            return NOT_REACHED
        return str((await cable.ask(**command))["status"])


# /cable


def action_cable(people: Cast, actor: Actor) -> AbstractAsyncContextManager[ActionCable]:
    return open_socket(people.house, None, (EXT,), **people.headers(actor))


async def open_it(people: Cast, actor: Actor) -> str:
    async with action_cable(people, actor) as cable:
        return await greeting(cable)


@asynccontextmanager
async def subscribed(
    people: Cast, actor: Actor, identifier: str, **more: Any
) -> AsyncIterator[tuple[ActionCable, str]]:
    async with action_cable(people, actor) as cable:
        if await greeting(cable) != "welcome":
            yield cable, NOT_REACHED
        else:
            decision = await cable.subscribe(identifier, **more)
            yield cable, str(decision["type"]).removesuffix("_subscription")


async def subscribe(people: Cast, actor: Actor, **more: Any) -> str:
    async with subscribed(people, actor, identify(people.conversation.id), **more) as (_, decision):
        return decision


async def follow_user(people: Cast, actor: Actor) -> str:
    async with subscribed(people, actor, USER_CHANNEL) as (_, decision):
        return decision


async def speak(people: Cast, actor: Actor) -> str:
    identifier = identify(people.conversation.id)
    async with subscribed(people, actor, identifier) as (cable, decision):
        if decision != "confirm":
            return NOT_REACHED
        await cable.perform(identifier, "speak", body="Hello")
        message = (await cable.next())["message"]
        return str(message.get("status", "heard"))


async def be_away(people: Cast, actor: Actor) -> str:
    async with subscribed(people, actor, USER_CHANNEL) as (cable, decision):
        if decision != "confirm":
            return NOT_REACHED
        await cable.perform(USER_CHANNEL, "presence", status="away")
        for frame in await cable.meanwhile():
            return str(frame["message"]["status"])
        return "heard"


async def whisper(people: Cast, actor: Actor) -> str:
    identifier = identify(people.conversation.id)
    async with (
        subscribed(people, Actor.MEMBER, identifier) as (listener, _),
        subscribed(people, actor, identifier) as (cable, decision),
    ):
        if decision != "confirm":
            return NOT_REACHED
        await cable.command("whisper", identifier, data={"event": "wave"})
        for frame in await cable.meanwhile():
            return str(frame["message"]["status"])
        assert (await listener.next())["message"]["event"] == "wave"
        return "heard"


async def join(people: Cast, actor: Actor, **with_subscription: Any) -> str:
    """By itself, or along with the subscription."""
    identifier = identify(people.conversation.id)
    async with (
        subscribed(people, Actor.MEMBER, identifier) as (listener, _),
        subscribed(people, actor, identifier, **with_subscription) as (cable, decision),
    ):
        if decision != "confirm":
            return NOT_REACHED
        if not with_subscription:
            await cable.command("join", identifier)
        for frame in await cable.meanwhile():
            if "status" in frame["message"]:
                return str(frame["message"]["status"])
        assert (await listener.next_of("presence"))["message"]["type"] == "join"
        return "heard"


# Streams, and requests that wait.


def events_of(people: Cast) -> str:
    return f"/conversations/{people.conversation.id}/events"


async def stream(people: Cast, actor: Actor, path: str | None = None, query: str = "") -> str:
    headers = people.headers(actor) | {"accept": "text/event-stream"}
    address = (path or events_of(people)) + query
    async with plain_client(people.house).stream("GET", address, headers=headers) as answer:
        is_stream = answer.headers["content-type"].startswith("text/event-stream")
        assert is_stream == (answer.status_code == 200)
        return str(answer.status_code)


async def poll_since(people: Cast, actor: Actor) -> str:
    answer = await people.client(actor).get(events_of(people), params={"since": "0"})
    assert ("Hello" in answer.text) == (answer.status_code == 200)
    return str(answer.status_code)


SCENES: dict[str, Scene] = {
    "connect": connect,
    "resume": partial(connect, query="?since=0"),
    "message.create": partial(ask, type="message.create", body="Hello"),
    "typing": partial(ask, type="typing"),
    "read": partial(ask, type="read", seq=1),
    "presence": partial(ask, type="presence", status="away"),
    "unread": partial(ask, type="unread", seq=1),
    "delivered": partial(ask, type="delivered", seq=1),
    "open": open_it,
    "subscribe": subscribe,
    "subscribe_since": partial(subscribe, history={"since": 0}),
    "follow_user": follow_user,
    "speak": speak,
    "be_away": be_away,
    "whisper": whisper,
    "join": join,
    "join_at_once": partial(join, presence={}),
    "stream": stream,
    "stream_since": partial(stream, query="?since=0"),
    "poll_since": poll_since,
    "stream_everything": partial(stream, path="/events"),
}


def test_every_row_has_a_scene() -> None:
    assert SCENES.keys() == LIVE_ACCESS.keys()


@pytest.mark.parametrize("name", SCENES)
async def test_what_is_heard_and_said_live(live_house: House, name: str) -> None:
    people = await cast(live_house)

    answers = {actor: await SCENES[name](people, actor) for actor in Actor}

    assert answers == LIVE_ACCESS[name]


async def heard_since(person: Person, cursor: str) -> list[str]:
    events = (await poll(person, "/events", since=cursor))["events"]
    return [one["message"]["body"] for one in events if one["type"] == "message.created"]


async def test_an_old_cursor_brings_nothing_of_what_one_has_left(live_house: House) -> None:
    people = await cast(live_house)
    conversation = await live_house.conversation(people.owner, people.member, people.former)
    cursors = {
        person: (await poll(person, "/events"))["cursor"]
        for person in (people.member, people.former)
    }
    await live_house.message(conversation, people.owner, "before")
    assert await heard_since(people.former, cursors[people.former]) == ["before"]

    await leave(live_house, conversation, people.former)
    await live_house.message(conversation, people.owner, "after")

    assert await heard_since(people.former, cursors[people.former]) == []
    assert await heard_since(people.member, cursors[people.member]) == ["before", "after"]
