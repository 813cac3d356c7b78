"""A folder for the data of one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import place_for_data


@pytest.fixture
def place() -> Iterator[Path]:
    with place_for_data() as place:
        yield place
