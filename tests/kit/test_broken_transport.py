"""Under uvloop, as in production, writing to a connection that was closed is a RuntimeError."""

import asyncio
from typing import Any

import pytest
import uvloop
from fastapi import FastAPI

from app import main
from app.kit.broker import RedisBroker
from app.kit.chores import stop
from app.kit.events import Envelope
from app.kit.settings import Settings
from tests.kit.test_broker import PATIENCE_SECONDS, Porch


def test_a_doorbell_that_writes_to_a_closed_connection_comes_back(settings: Settings) -> None:
    """The change of topics is sent in the same turn of the loop, before the listener can notice."""

    async def break_off_and_subscribe() -> None:
        assert settings.redis_url is not None
        broker, porch = RedisBroker(settings.redis_url.get_secret_value(), "test:"), Porch()
        broker.attach(porch)
        running = [asyncio.create_task(loop) for loop in broker.loops()]
        broker.subscribe("conversation:1")
        await porch.until(lambda: porch.subscribed_to == ["conversation:1"])

        _break_off(broker)
        broker.subscribe("conversation:2")
        await porch.until(lambda: "conversation:2" in porch.subscribed_to)
        broker.ring([Envelope("conversation:2", "typing", "{}")])
        await porch.until(lambda: bool(porch.heard_all))

        assert not any(loop.done() for loop in running)
        await stop(running)
        await broker.aclose()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(break_off_and_subscribe())


def _break_off(broker: Any) -> None:
    broker._pubsub.connection._writer.transport.abort()


async def test_when_a_chore_dies_the_house_falls_though_others_do_not_hear_of_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that has lost a chore makes way for one that has them all."""
    is_deaf = asyncio.Event()

    async def die() -> None:
        await is_deaf.wait()
        raise ZeroDivisionError

    async def swallow_a_cancellation() -> None:
        is_deaf.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    monkeypatch.setattr(main, "chores_of", lambda *_: [die(), swallow_a_cancellation()])

    async def live() -> None:
        async with main.live(settings, FastAPI()):
            await asyncio.Event().wait()

    living = asyncio.create_task(live())
    ended, _ = await asyncio.wait([living], timeout=PATIENCE_SECONDS)
    assert ended
    with pytest.raises(ExceptionGroup) as raised:
        living.result()
    assert raised.group_contains(ZeroDivisionError)
