"""How fast somebody may write, whichever way they come."""

from typing import Protocol

from app.kit.limits import Limit, Limits
from app.kit.settings import Settings


class House(Protocol):
    @property
    def limits(self) -> Limits: ...
    @property
    def settings(self) -> Settings: ...


def count_write(house: House, user_id: int) -> None:
    """Counted in this process, for 1 us: a question to Redis takes 120 (measured), half as much
    as posting a message. With several workers somebody has as much on each of them.

    Raises: Exceeded
    """
    house.limits.check_here(Limit("write", house.settings.write_rate, str(user_id)))


def count_mark(house: House, user_id: int) -> None:
    """Who reads along in a lively conversation says so as often as others write, and must be able
    to answer all the same. Raises: Exceeded
    """
    house.limits.check_here(Limit("mark", house.settings.mark_rate, str(user_id)))
