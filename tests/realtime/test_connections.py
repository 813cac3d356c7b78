"""How many may be connected, and how all of them leave."""

import asyncio
from contextlib import ExitStack

import pytest

from app.kit.settings import Settings
from app.realtime.closing import Farewell
from app.realtime.connections import Connections, TooManyConnections
from tests.answers import refusal
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.sockets import Room, open_cable

ALICE, BOB, CAROL = 1, 2, 3
OFFICE, HOME = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def connections(settings: Settings) -> Connections:
    """Two for each person, three for each address."""
    return Connections(changed(settings, connections_per_user_max=2, connections_per_address_max=3))


class Crowd:
    """People who stay until they are told to leave."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.left: list[tuple[int, Farewell]] = []
        self.holding = ExitStack()

    def come(self, user_id: int, address: str = OFFICE) -> None:
        def end(farewell: Farewell) -> None:
            self.left.append((user_id, farewell))

        self.holding.enter_context(self.connections.holding(user_id, address, end))


def test_a_person_has_so_many_and_may_come_again_when_one_has_ended(
    connections: Connections,
) -> None:
    crowd, others = Crowd(connections), Crowd(connections)
    with crowd.holding:
        crowd.come(ALICE)
        with others.holding:
            others.come(ALICE, HOME)
            with pytest.raises(TooManyConnections) as refused:
                crowd.come(ALICE)
            crowd.come(BOB)
        crowd.come(ALICE)

    assert (refused.value.status, refused.value.code) == (429, "too_many_connections")
    assert int(refused.value.headers["Retry-After"]) > 0


def test_an_address_has_so_many_whoever_they_are(connections: Connections) -> None:
    crowd = Crowd(connections)
    with crowd.holding:
        for person in (ALICE, ALICE, BOB):
            crowd.come(person)
        with pytest.raises(TooManyConnections):
            crowd.come(CAROL)
        crowd.come(CAROL, HOME)
        # Who was refused by the address has taken no place of their own.
        crowd.come(CAROL, HOME)


async def test_everybody_leaves_once_and_the_loop_turns_between_them(
    connections: Connections,
) -> None:
    crowd = Crowd(connections)
    together: list[int] = []

    async def look() -> None:
        while len(crowd.left) < 3:
            together.append(len(crowd.left))
            await asyncio.sleep(0)

    with crowd.holding:
        for person in (ALICE, BOB, CAROL):
            crowd.come(person)
        looking = asyncio.create_task(look())
        await connections.drain(seconds=5)
        await looking

    assert sorted(person for person, _ in crowd.left) == [ALICE, BOB, CAROL]
    assert {farewell.code for _, farewell in crowd.left} == {1012}
    assert {1, 2} <= set(together)


async def test_many_leave_in_groups(settings: Settings) -> None:
    connections = Connections(changed(settings, connections_per_address_max=1000))
    crowd = Crowd(connections)
    with crowd.holding:
        for person in range(100):
            crowd.come(person)
        draining = asyncio.create_task(connections.drain(seconds=0.02))
        sizes = []
        while not draining.done():
            sizes.append(len(crowd.left))
            await asyncio.sleep(0)

    assert set(sizes) - {0} == {50, 100}


async def test_nobody_is_not_waited_for(connections: Connections) -> None:
    draining = asyncio.create_task(connections.drain(seconds=5))
    await asyncio.sleep(0)
    assert draining.done()


async def test_who_has_gone_is_not_told_to(connections: Connections) -> None:
    crowd = Crowd(connections)
    with crowd.holding:
        crowd.come(ALICE)
    await connections.drain(seconds=5)
    assert crowd.left == []


async def test_who_comes_while_all_leave_is_sent_away_at_once(connections: Connections) -> None:
    await connections.drain(seconds=5)
    crowd = Crowd(connections)
    with crowd.holding:
        crowd.come(ALICE)
        ((_, farewell),) = crowd.left
    assert farewell.code == 1012
    assert farewell.come_back


async def test_one_socket_too_many_is_told_so(settings: Settings, room: Room) -> None:
    strict = changed(settings, connections_per_user_max=1)
    async with serve(strict) as house, open_cable(house, room.bob, room.id) as first:
        await first.next_of("welcome")
        async with open_cable(house, room.bob, room.id) as second:
            assert await second.goodbye() == (4429, "too_many_connections")
        async with open_cable(house, room.alice, room.id) as somebody_else:
            await somebody_else.next_of("welcome")
        assert (await first.ask(type="read", seq=0))["status"] == 200


async def test_a_network_of_ipv6_has_as_many_as_one_address(settings: Settings, room: Room) -> None:
    """As a proxy says: a person with 2^64 addresses is one person."""
    strict = changed(settings, connections_per_address_max=1, trusted_proxies="127.0.0.1")
    async with (
        serve(strict) as house,
        open_cable(house, room.bob, room.id, x_forwarded_for="2001:db8::1") as first,
    ):
        await first.next_of("welcome")
        async with open_cable(house, room.alice, room.id, x_forwarded_for="2001:db8::2") as second:
            assert await second.goodbye() == (4429, "too_many_connections")
        async with open_cable(house, room.alice, room.id, x_forwarded_for="2001:db8:0:1::1") as far:
            await far.next_of("welcome")
        headers = {"X-Forwarded-For": "2001:db8::3", "Accept": "text/event-stream"}
        headers["Cookie"] = room.alice.cookie
        stream = await house.client().get(f"/conversations/{room.id}/events", headers=headers)
        assert refusal(stream) == (429, "too_many_connections")
