"""What the tests of the second factor share."""

import pytest

from tests.second_factor.phone import Hands


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)
