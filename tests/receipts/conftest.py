"""A group, in a house that is rolled back or in a real one."""

import pytest

from tests.factories import House
from tests.members.groups import Group, group_in


@pytest.fixture
async def group(house: House) -> Group:
    return await group_in(house)


@pytest.fixture
async def live_group(live_house: House) -> Group:
    return await group_in(live_house)
