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
    """In this process: asking Redis would take as long again as much of what is written.

    Raises: Exceeded
    """
    house.limits.check_here(Limit("write", house.settings.write_rate, str(user_id)))
