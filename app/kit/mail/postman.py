"""What every postman can do."""

from typing import Protocol

from app.kit.mail.letter import Mail


class NotSent(Exception):
    """For now: it is worth another try. The text names no address."""


class Postman(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises: NotSent, Undeliverable"""
