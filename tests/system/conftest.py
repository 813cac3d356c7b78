"""Servers that may be hurt, started once for a module."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.system.house import House, open_house
from tests.system.stage import Stage, open_stage


@pytest.fixture(scope="module")
def house_to_hurt() -> Iterator[House]:
    with open_house() as house:
        yield house


@pytest.fixture(scope="module")
async def stage(house_to_hurt: House) -> AsyncIterator[Stage]:
    async with open_stage(house_to_hurt) as stage:
        yield stage
