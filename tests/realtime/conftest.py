"""A room to talk in."""

import pytest

from tests.factories import House
from tests.realtime.sockets import Room


@pytest.fixture
async def room(live_house: House) -> Room:
    return await Room.in_house(live_house)
