"""The doorbell: every test runs on memory and on Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from app.kit.broker import Broker, MemoryBroker, RedisBroker
from app.kit.chores import stop
from app.kit.events import Envelope
from app.kit.settings import Settings

PATIENCE_SECONDS = 5


class Porch:
    """Who answers the door, and writes everything down."""

    def __init__(self) -> None:
        self.rung_all: list[Envelope] = []
        self.heard_all: list[Envelope] = []
        self.subscribed_to: list[str] = []
        self._something = asyncio.Event()

    def rung(self, envelope: Envelope) -> None:
        self.rung_all.append(envelope)

    def heard(self, envelope: Envelope) -> None:
        self.heard_all.append(envelope)
        self._something.set()

    def subscribed(self, topic: str) -> None:
        self.subscribed_to.append(topic)
        self._something.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await self._something.wait()
                self._something.clear()


@pytest.fixture(params=["memory", "redis"])
async def broker(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Broker]:
    assert settings.redis_url is not None
    url = settings.redis_url.get_secret_value()
    broker = MemoryBroker() if request.param == "memory" else RedisBroker(url, "test:")
    running = [asyncio.create_task(loop) for loop in broker.loops()]
    yield broker
    await stop(running)
    await broker.aclose()


@pytest.fixture
def porch(broker: Broker) -> Porch:
    porch = Porch()
    broker.attach(porch)
    return porch


async def test_the_bell_is_heard_with_everything_that_was_in_the_envelope(
    broker: Broker, porch: Porch
) -> None:
    broker.subscribe("conversation:1")
    await porch.until(lambda: porch.subscribed_to == ["conversation:1"])
    envelope = Envelope("conversation:1", "said", '{"body": "a\\nb \U0001f44b"}', 3, "now", "me")

    broker.ring([envelope])

    await porch.until(lambda: porch.heard_all == [envelope])


async def test_who_rings_knows_it_before_anybody_hears(broker: Broker, porch: Porch) -> None:
    """Whether or not somebody here listens to the topic."""
    envelope = Envelope("t", "said", "{}")

    broker.ring([envelope])

    assert porch.rung_all == [envelope]
    assert not porch.heard_all


async def test_bells_are_heard_in_the_order_they_were_rung(broker: Broker, porch: Porch) -> None:
    broker.subscribe("t")
    await porch.until(lambda: bool(porch.subscribed_to))
    envelopes = [Envelope("t", "said", "{}", seq) for seq in range(1, 1_201)]

    for envelope in envelopes:
        broker.ring([envelope])

    await porch.until(lambda: len(porch.heard_all) == len(envelopes))
    assert porch.heard_all == envelopes


async def test_only_the_topics_that_somebody_wants_are_heard(broker: Broker, porch: Porch) -> None:
    broker.subscribe("wanted")
    broker.subscribe("for a while")
    await porch.until(lambda: len(porch.subscribed_to) == 2)
    broker.unsubscribe("for a while")
    broker.subscribe("marker")
    await porch.until(lambda: "marker" in porch.subscribed_to)

    broker.ring([Envelope(topic, "said", "{}") for topic in ("other", "for a while", "wanted")])

    await porch.until(lambda: bool(porch.heard_all))
    assert [envelope.topic for envelope in porch.heard_all] == ["wanted"]


async def test_it_is_ready(broker: Broker) -> None:
    assert await broker.is_ready()


async def test_ringing_does_not_hear_itself_at_once(broker: Broker, porch: Porch) -> None:
    broker.subscribe("t")
    await porch.until(lambda: bool(porch.subscribed_to))

    broker.ring([Envelope("t", "said", "{}")])

    assert porch.heard_all == []


async def test_after_a_lost_connection_every_topic_is_announced_anew(
    settings: Settings, broker: Broker, porch: Porch
) -> None:
    if isinstance(broker, MemoryBroker):
        pytest.skip("memory has no connection to lose")
    broker.subscribe("one")
    broker.subscribe("two")
    await porch.until(lambda: len(porch.subscribed_to) == 2)

    assert settings.redis_url is not None
    async with Redis.from_url(settings.redis_url.get_secret_value()) as redis:
        await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]

    await porch.until(lambda: {"one", "two"} <= set(porch.subscribed_to[2:]))
    broker.ring([Envelope("two", "said", "{}")])
    await porch.until(lambda: bool(porch.heard_all))


async def test_garbage_on_the_channel_is_passed_over(
    settings: Settings, broker: Broker, porch: Porch
) -> None:
    if isinstance(broker, MemoryBroker):
        pytest.skip("nobody else can reach memory")
    broker.subscribe("t")
    await porch.until(lambda: bool(porch.subscribed_to))
    good = Envelope("t", "said", "{}", 1)

    assert settings.redis_url is not None
    async with Redis.from_url(settings.redis_url.get_secret_value()) as redis:
        for garbage in (b"", b"garbage", b"[1,2]\n{}", b"\xff\n", b'["t"]\n', b"null\n{}"):
            await redis.publish("test:t", garbage)
        await redis.publish("test:t", good.to_bytes())

    await porch.until(lambda: porch.heard_all == [good])


async def test_a_bell_that_cannot_be_rung_is_counted_and_never_raised() -> None:
    broker = RedisBroker("redis://127.0.0.1:1", "test:")
    running = [asyncio.create_task(loop) for loop in broker.loops()]

    broker.ring([Envelope("t", "said", "{}")])

    async with asyncio.timeout(PATIENCE_SECONDS):
        while not broker.failures:
            await asyncio.sleep(0.01)
    assert not await broker.is_ready()
    await stop(running)
    await broker.aclose()
