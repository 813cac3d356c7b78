"""What grows, one after another. Each has a house of its own, filled by Postgres itself."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from time import perf_counter

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.kit import log
from bench import idle
from bench.filling import filling
from bench.growing.costs import Cost
from bench.growing.people import sign_up
from bench.house import House, free_house, pinned_house

Costs = AsyncIterator[Cost]

# Past retention.
_LONG_AGO = timedelta(days=100)
# Of what is forgotten: that of `log.prune`.
_PORTION = 5_000


async def messages(seconds: float, most: int) -> Costs:
    """In a conversation of two."""
    sizes = _sizes(100, min(most, 1_000_000))
    with pinned_house() as house:
        alice, bob = sign_up(house, "alice"), sign_up(house, "bob")
        async with filling(house.database_url) as (fill, _):
            made = await fill.conversations(len(sizes), [alice.id, bob.id])
            rooms = dict(zip(sizes, made, strict=True))
            for size, room in rooms.items():
                await fill.messages([room], [alice.id, bob.id], size)
        for size, room in rooms.items():
            path = f"/conversations/{room}"
            for what, asked, status in (
                ("newest 50", alice.get(f"{path}/messages"), 200),
                ("50 in the middle", alice.get(f"{path}/messages?before={size // 2}"), 200),
                ("open", alice.get(path), 200),
                ("post", alice.post(room), 201),
            ):
                yield await Cost.of(house, size, what, asked, seconds, status)


async def conversations(seconds: float, most: int) -> Costs:
    """Of a person, each with five people and twenty messages."""
    sizes = _sizes(1, min(most, 1_000))
    with pinned_house() as house:
        people = {size: sign_up(house, f"person_{size}") for size in sizes}
        async with filling(house.database_url) as (fill, _):
            others = await fill.people(4)
            for size, person in people.items():
                seats = [person.id, *others]
                await fill.messages(await fill.conversations(size, seats), seats, 20)
        for size, person in people.items():
            known = person.etag(house, "/conversations")
            for what, asked, status in (
                ("list", person.get("/conversations"), 200),
                ("list, 20 of it", person.get("/conversations?limit=20"), 200),
                ("list, 304", person.get("/conversations", **{"If-None-Match": known}), 304),
            ):
                yield await Cost.of(house, size, what, asked, seconds, status)


async def members(seconds: float, most: int) -> Costs:
    """Of a group with a hundred messages, the only one of who asks."""
    sizes = [2, *_sizes(10, min(most, 1_000))]
    with pinned_house() as house:
        people = {size: sign_up(house, f"person_{size}") for size in sizes}
        rooms = dict[int, int]()
        async with filling(house.database_url) as (fill, _):
            others = await fill.people(max(sizes))
            for size, person in people.items():
                seats = [person.id, *others[: size - 1]]
                (rooms[size],) = await fill.conversations(1, seats)
                await fill.messages([rooms[size]], seats, 100)
        for size, person in people.items():
            for what, asked, status in (
                ("open", person.get(f"/conversations/{rooms[size]}"), 200),
                ("list", person.get("/conversations"), 200),
                ("post", person.post(rooms[size]), 201),
            ):
                yield await Cost.of(house, size, what, asked, seconds, status)


async def listeners(seconds: float, most: int) -> Costs:
    """Sockets in one conversation. The cost of a delivery has its part of the post in it."""
    for size in _sizes(1, min(most, 10_000)):
        with pinned_house() as house:
            alice, bob = sign_up(house, "alice"), sign_up(house, "bob")
            async with filling(house.database_url) as (fill, _):
                (room,) = await fill.conversations(1, [alice.id, bob.id])
            heard = idle.Heard()
            sockets = await idle.enter(house, alice.cookie, room, size, heard)
            messages = max(5, min(500, 20_000 // size))
            worker, postgres = house.worker_cpu_seconds(), house.postgres_cpu_seconds()
            began = perf_counter()
            delays = await idle.say(house, alice.cookie, room, heard, size, messages)
            took, deliveries = perf_counter() - began, len(delays)
            worker = (house.worker_cpu_seconds() - worker) / deliveries * 1e6
            postgres = (house.postgres_cpu_seconds() - postgres) / deliveries * 1e6
            p50, p99 = (delays[int(deliveries * part)] * 1e3 for part in (0.5, 0.99))
            yield Cost(size, "delivery", worker, postgres, deliveries / took, p50, p99)
            for socket in sockets:
                socket.transport.abort()


async def workers(seconds: float, most: int) -> Costs:
    """On both CPUs, and beside them Postgres and whoever asks: two cannot give twice as much."""
    for size in (1, 2):
        with free_house(size) as house:
            alice, bob = sign_up(house, "alice"), sign_up(house, "bob")
            async with filling(house.database_url) as (fill, _):
                rooms = await fill.conversations(20, [alice.id, bob.id])
                await fill.messages(rooms, [alice.id, bob.id], 100)
            for what, asked, status in (
                ("me", alice.get("/users/me"), 200),
                ("list", alice.get("/conversations"), 200),
                ("newest 50", alice.get(f"/conversations/{rooms[0]}/messages"), 200),
                ("post", alice.post(rooms[0]), 201),
            ):
                yield await Cost.of(house, size, what, asked, seconds, status)


async def events(seconds: float, most: int) -> Costs:
    """In the log, of ten thousand conversations, of which one is followed."""
    # It would forget by itself, meanwhile.
    with pinned_house(CHATFLOW_EVENT_RETENTION_DAYS="1000") as house:
        alice, bob = sign_up(house, "alice"), sign_up(house, "bob")
        async with filling(house.database_url) as (fill, _):
            (room,) = await fill.conversations(1, [alice.id, bob.id])
            others = await fill.conversations(10_000, [bob.id])
            await fill.events(others, 10, _LONG_AGO)
            await fill.events([room], 1_000)
        there = 0
        for size in _sizes(10_000, min(most, 10_000_000)):
            async with filling(house.database_url) as (fill, _):
                await fill.events(others, (size - there) // len(others))
            there = size
            resume = alice.get(f"/conversations/{room}/events?since=950")
            yield await Cost.of(house, size, "resume 50", resume, seconds)
            yield await Cost.of(house, size, "post", alice.post(room), seconds, 201)
            yield await _forget(house, size)


async def _forget(house: House, size: int) -> Cost:
    """As the application does it, a portion at a time, for each event that goes."""
    engine = create_async_engine(house.database_url)
    async with AsyncSession(engine) as session:
        before, began = house.postgres_cpu_seconds(), perf_counter()
        assert await log.prune(session, _LONG_AGO.days - 1)
        await session.commit()
        took = perf_counter() - began
        cpu = (house.postgres_cpu_seconds() - before) / _PORTION * 1e6
    await engine.dispose()
    return Cost(size, "forget", 0, cpu, _PORTION / took, took * 1e3, took * 1e3)


PARTS: dict[str, Callable[[float, int], Costs]] = {
    part.__name__: part for part in (messages, conversations, members, listeners, workers, events)
}


def _sizes(first: int, last: int) -> list[int]:
    sizes = [first]
    while sizes[-1] * 10 <= last:
        sizes.append(sizes[-1] * 10)
    return sizes
