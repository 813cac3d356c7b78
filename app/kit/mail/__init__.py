"""Mail: what is said to whom, and the postman who takes it there."""

from typing import Any

from app.kit.addresses import named_address
from app.kit.jobs import House
from app.kit.mail.folder import FolderPostman
from app.kit.mail.letter import Mail, Undeliverable
from app.kit.mail.postman import NotSent, Postman
from app.kit.mail.smtp import SmtpPostman
from app.kit.settings import Settings

__all__ = ["Mail", "NotSent", "Postman", "Undeliverable", "find_postman", "send"]


def find_postman(settings: Settings) -> Postman:
    author = named_address(settings.mail_from)
    if settings.smtp_url is None:
        return FolderPostman(settings.data_dir, author)
    url = settings.smtp_url.get_secret_value()
    return SmtpPostman(url, author, settings.smtp_timeout_seconds)


async def send(house: House, payload: dict[str, Any]) -> None:
    """The job `mail.send`, for mails without a secret in them: they lie in the queue meanwhile.

    Shape: the fields of `Mail`.
    Raises: NotSent, Undeliverable
    """
    postman: Postman = house["postman"]
    await postman.send(Mail(**payload))
