"""`@rails/actioncable` and `@anycable/core` as they come from npm, against real workers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.cli.embedded import embedded_servers
from tests.cli.running import place_for_data
from tests.system.npm.house import BASE, EXT, House, Room
from tests.system.npm.node import Client, Node, install, running_node

SUBSCRIBERS = 8


KINDS = ["rails", f"anycable {BASE}", f"anycable {EXT}"]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    install()
    with place_for_data() as place, embedded_servers(place / "servers", durable=False) as servers:
        house = House(place, servers)
        yield house
        house.stop()


@pytest.fixture(scope="module")
async def node(house: House) -> AsyncIterator[Node]:
    async with running_node() as node:
        yield node


@pytest.fixture
async def room(house: House, node: Node) -> AsyncIterator[Room]:
    alice, bob = await house.person(), await house.person()
    answer = await alice.http.post("/conversations", json={"participant_ids": [bob.id]})
    yield Room(house, node, alice, bob, answer.json()["id"])
    await alice.http.aclose()
    await bob.http.aclose()


@pytest.mark.parametrize("kind", KINDS)
async def test_it_connects_subscribes_receives_and_speaks(room: Room, kind: str) -> None:
    bob = await room.listener(kind)

    said = await room.say("Hello")
    assert await bob.received() == {"message": said}
    await bob.perform("speak", body="Hello, Alice", client_id="c1")
    heard = (await bob.received())["message"]
    await bob.perform("speak", body=" ", ref="r1")
    error = await bob.received()

    history = (await room.alice.http.get(f"/conversations/{room.id}/messages")).json()["messages"]
    assert history == [said, heard]
    assert (heard["user_id"], heard["body"]) == (room.bob.id, "Hello, Alice")
    assert (error["type"], error["code"], error["ref"]) == ("error", "body_blank", "r1")


@pytest.mark.parametrize("kind", KINDS)
async def test_it_types_and_reads(room: Room, kind: str) -> None:
    bob = await room.listener(kind)
    alice = await room.client(kind, room.alice.cookie)
    await alice.subscribe(room.channel)
    await alice.next_of("connected")

    await alice.perform("typing")
    typing = await bob.received()
    said = await room.say("Read this")
    await bob.received()
    await bob.perform("read", seq=said["seq"], ref="it waits until that is written")
    await bob.perform("speak", body="I did")
    await bob.received()
    async with connect(f"{room.house.url}/{room.id}", additional_headers=room.bob.cookie) as native:
        await native.send('{"type": "read", "seq": 0, "ref": "r"}')
        while '"reply"' not in (reply := str(await native.recv())):
            pass

    assert (typing["type"], typing["user_id"]) == ("typing", room.alice.id)
    assert f'"last_read_seq":{said["seq"]}' in reply


@pytest.mark.parametrize("kind", KINDS)
async def test_a_bearer_token_does_as_well(room: Room, kind: str) -> None:
    bob = await room.client(kind, room.bob.bearer)
    await bob.subscribe(room.channel)
    await bob.next_of("connected")


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_rejected_where_it_does_not_belong(room: Room, kind: str) -> None:
    carol = await room.house.person()
    client = await room.client(kind, carol.cookie)

    await client.subscribe(room.channel, **{"as": "stranger's"})
    await client.next_of("rejected", **{"as": "stranger's"})
    await client.subscribe({"channel": "UserChannel"}, **{"as": "own"})
    await client.next_of("connected", **{"as": "own"})
    await carol.http.aclose()


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_not_signed_in_does_not_come_back(room: Room, kind: str) -> None:
    client = await room.client(kind, {})
    await client.subscribe(room.channel)

    if kind == "rails":
        assert (await client.next_of("disconnected"))["willAttemptReconnect"] is False
    else:
        assert (await client.next_of("close"))["reason"] == "unauthorized"
    assert "connected" not in [told["event"] for told in client.heard]


@pytest.mark.parametrize("kind", KINDS)
async def test_signing_out_ends_it_for_good(room: Room, kind: str) -> None:
    client = await room.listener(kind)
    await room.bob.http.delete("/users/sign_out")

    if kind == "rails":
        assert (await client.next_of("disconnected"))["willAttemptReconnect"] is True
        await client.order("look")
        assert (await client.next_of("disconnected"))["willAttemptReconnect"] is False
    else:
        assert (await client.next_of("disconnect"))["reason"] == "remote"
        assert (await client.next_of("close"))["reason"] == "unauthorized"


@pytest.mark.parametrize("kind", KINDS)
async def test_who_lost_the_membership_is_rejected_after_coming_back(room: Room, kind: str) -> None:
    client = await room.listener(kind)
    await room.house.expel(room.bob)

    await client.next_of("disconnected")
    await client.order("look")
    await client.next_of("rejected")


@pytest.mark.parametrize("kind", KINDS)
async def test_after_a_break_it_comes_back_and_hears(room: Room, kind: str) -> None:
    client = await room.listener(kind)
    await room.say("before")
    await client.received()

    await client.order("drop")
    await client.next_of("disconnected" if kind == "rails" else "disconnect")
    await client.order("look")
    back = await client.next_of("connected")
    await room.say("after")
    heard = await client.received()

    assert heard["message"]["body"] == "after"
    assert back.get("restored", False) is (EXT in kind)


@pytest.mark.parametrize("kind", KINDS)
async def test_after_a_restart_it_comes_back_and_hears(room: Room, kind: str) -> None:
    client = await room.listener(kind)
    await asyncio.to_thread(room.house.restart)

    await client.next_of("disconnected")
    await client.order("look")
    await client.next_of("connected")
    said = await room.say("after")
    assert await client.received() == {"message": said}


async def test_whispers_and_presence_tell_who_one_really_is(room: Room) -> None:
    bob = await room.listener(f"anycable {EXT}")
    alice = await room.client(f"anycable {EXT}", room.alice.cookie)
    await alice.subscribe(room.channel)
    await alice.next_of("connected")

    await alice.order("whisper", data={"event": "wave"})
    assert await bob.received() == {"event": "wave", "user_id": room.alice.id}
    await alice.order("join")
    joined = (await bob.next_of("presence"))["message"]
    assert (joined["type"], joined["id"]) == ("join", str(room.alice.id))
    assert joined["info"]["username"] == room.alice.username


async def drop_at_random(room: Room) -> None:
    """They do it themselves."""


async def lose_a_worker(room: Room) -> None:
    await asyncio.to_thread(room.house.kill_a_worker)


async def lose_every_session_and_restart(room: Room) -> None:
    await room.house.forget_sessions()
    await asyncio.to_thread(room.house.restart)


@pytest.mark.parametrize(
    ("happens", "messages"),
    [(drop_at_random, 600), (lose_a_worker, 200), (lose_every_session_and_restart, 200)],
)
async def test_everybody_hears_everything_once_and_in_order(
    room: Room, happens: Any, messages: int
) -> None:
    """Every client breaks off now and then, in the middle of a replay and twice in a row too."""
    clients = [await room.listener(f"anycable {EXT}", restless=15) for _ in range(SUBSCRIBERS)]

    async def listen(client: Client) -> list[str]:
        return [(await client.received())["message"]["body"] for _ in range(messages)]

    async with asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(listen(client)) for client in clients]
        for n in range(messages // 2):
            await room.say(f"message {n}")
        happening = tasks.create_task(happens(room))
        for n in range(messages // 2, messages):
            await room.say(f"message {n}")
        await happening

    said = [f"message {n}" for n in range(messages)]
    for client, heard in zip(clients, listening, strict=True):
        assert heard.result() == said
        await client.order("rest")
    # And nothing more: the next thing that each hears is the next thing said.
    await room.say("the end")
    for client in clients:
        assert (await client.received())["message"]["body"] == "the end"
        assert sum(told["event"] == "disconnect" for told in client.heard) > 1
        await client.order("close")


async def test_all_that_concerns_one_person_comes_once_and_in_order_of_each_stream(
    room: Room,
) -> None:
    """Conversations begin while the client is away, and are heard from their first message."""
    client = await room.client(f"anycable {EXT}", room.bob.cookie, restless=10)
    await client.subscribe({"channel": "UserChannel"})
    await client.next_of("connected")
    carol = await room.house.person()
    said: dict[str, list[str]] = {f"conversation:{room.id}": []}

    for n in range(100):
        if n % 20 == 0:
            ids = [room.bob.id, carol.id]
            answer = await room.alice.http.post("/conversations", json={"participant_ids": ids})
            said[f"conversation:{answer.json()['id']}"] = []
        for stream, bodies in said.items():
            bodies.append(f"{n} in {stream}")
            path = f"/conversations/{stream.partition(':')[2]}/messages"
            await room.alice.http.post(path, json={"body": bodies[-1]})

    heard: dict[str, list[str]] = {}
    places: dict[str, list[int]] = {}
    while any(len(heard.get(stream, ())) < len(bodies) for stream, bodies in said.items()):
        told = await client.next_of("received")
        if told["message"]["type"] == "message.created":
            heard.setdefault(told["stream"], []).append(told["message"]["message"]["body"])
        if "offset" in told:
            places.setdefault(told["stream"], []).append(told["offset"])
    assert heard == said
    assert places.keys() == said.keys() | {f"user:{room.bob.id}"}
    for offsets in places.values():
        assert offsets == list(range(offsets[0], offsets[-1] + 1))
    await client.order("close")
    await carol.http.aclose()
