"""A room in a house where who comes and goes is told at once, with Redis and without."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import House
from tests.houses import changed
from tests.presence.watching import HASTE
from tests.realtime.sockets import Room


@pytest.fixture(params=["redis", "memory"])
async def room(
    request: pytest.FixtureRequest, settings: Settings, live_house: House
) -> AsyncIterator[Room]:
    without = {"redis_url": None} if request.param == "memory" else {}
    async with serve(changed(settings, **HASTE, **without)) as house:
        yield await Room.in_house(house)


@pytest.fixture
def another_worker(settings: Settings) -> AbstractAsyncContextManager[House]:
    """With the same Redis."""
    return serve(changed(settings, **HASTE))


@pytest.fixture
async def shared_room(settings: Settings, live_house: House) -> AsyncIterator[Room]:
    """Only with Redis, for what is between several processes."""
    async with serve(changed(settings, **HASTE)) as house:
        yield await Room.in_house(house)
