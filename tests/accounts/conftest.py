"""A house where addresses have to be confirmed, and a room to talk in."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.factories import House
from tests.houses import house_with
from tests.realtime.sockets import Room


@pytest.fixture
async def confirming_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    async with house_with(settings, engine, confirmation_required=True) as house:
        yield house


@pytest.fixture
async def room(live_house: House) -> Room:
    return await Room.in_house(live_house)
