"""Two people and a conversation between them."""

from dataclasses import dataclass

import pytest

from app.models import Conversation
from tests.factories import House, Person


@dataclass
class Pair:
    """Alice and Bob talk; Mallory is signed in, too."""

    house: House
    alice: Person
    bob: Person
    mallory: Person
    conversation: Conversation


@pytest.fixture
async def pair(house: House) -> Pair:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    return Pair(house, alice, bob, mallory, await house.conversation(alice, bob))
