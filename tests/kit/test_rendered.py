"""What is kept by its position in the log."""

from app.kit.log import Position
from app.kit.rendered import Rendered

HERE, THERE = Position("epoch", 1), Position("epoch", 2)


def test_what_is_kept_is_found_at_its_position_only() -> None:
    rendered = Rendered[bytes](100)
    rendered.keep("page", HERE, b"here", 4)
    assert rendered.find("page", HERE) == b"here"
    assert rendered.find("page", THERE) is None
    assert rendered.find("another page", HERE) is None

    rendered.keep("page", THERE, b"there", 5)
    assert rendered.find("page", THERE) == b"there"
    assert rendered.find("page", HERE) is None


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    rendered = Rendered[bytes](10)
    for key in ("old", "new"):
        rendered.keep(key, HERE, key.encode(), 5)
    assert rendered.find("old", HERE)
    rendered.keep("newest", HERE, b"newest", 5)
    assert rendered.find("new", HERE) is None
    assert rendered.find("old", HERE) == b"old"


def test_what_is_bigger_than_all_the_room_is_not_kept() -> None:
    rendered = Rendered[bytes](10)
    rendered.keep("small", HERE, b"small", 5)
    rendered.keep("big", HERE, b"big", 11)
    assert rendered.find("big", HERE) is None
    assert rendered.find("small", HERE) == b"small"
