"""What every postman can do, and why a mail may stay undelivered."""

from typing import Protocol

from app.kit.jobs import Hopeless
from app.kit.mail.letter import Mail


class NotSent(Exception):
    """For now: it is worth another try. The text names no address."""


class Undeliverable(Hopeless):
    """The server will not take this mail, whenever it is asked. The text names no address."""


class Postman(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises: NotSent, Undeliverable"""
