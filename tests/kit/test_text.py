"""Texts as they are kept."""

import pytest

from app.kit.text import normalized, one_line

WIDE_A = "\uff41"


def test_a_line_is_normalized_and_its_spaces_are_one() -> None:
    assert one_line(f"  {WIDE_A}\u3000\n b ") == "a b"


def test_however_many_spaces_there_are() -> None:
    assert one_line(f"{WIDE_A}{' ' * 5_000}b") == "a b"


@pytest.mark.parametrize(("length", "letter"), [(1_000, "a"), (1_001, WIDE_A)])
def test_what_is_longer_than_any_line_costs_nothing(length: int, letter: str) -> None:
    """It is refused, and marks upon a letter would take a minute to be put in order."""
    assert normalized(WIDE_A * length) == letter * length
