"""A room, and how one listens in it without a WebSocket."""

import pytest

from tests.realtime.feed.streams import Listening
from tests.realtime.sockets import Room


@pytest.fixture
def listening(room: Room) -> Listening:
    return Listening(room)
