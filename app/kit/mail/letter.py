"""A mail, and the letter that it becomes.

Source: RFC 5322; RFC 3834 for what programs send.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from app.kit.addresses import address, is_one_line
from app.kit.jobs import Hopeless

_LINE_MAX_BYTES = 998  # RFC 5322, section 2.1.1, without the end of the line.


class Undeliverable(Hopeless):
    """Nobody will take this mail, whenever they are asked. The text names no address."""


@dataclass(frozen=True)
class Mail:
    """Shape: `to` is an address without a name, `text` is plain text for people.

    Raises: Undeliverable if `to` is no address, or the subject is not one line.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        try:
            address(self.to)
        except ValueError as error:
            raise Undeliverable(f"`to` {error}") from None
        if not self.subject or not is_one_line(self.subject):
            raise Undeliverable("`subject` is not one line")


def compose(mail: Mail, author: Address) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = author
    letter["To"] = address(mail.to)
    letter["Subject"] = mail.subject
    letter["Date"] = datetime.now(UTC)
    # Not of this machine's name, which is nobody's business.
    letter["Message-ID"] = make_msgid(domain=author.domain)
    letter["Auto-Submitted"] = "auto-generated"  # Nobody's holiday answers it.
    letter.set_content(mail.text, cte=_encoding(mail.text))
    return letter


def _encoding(text: str) -> str:
    """As it is wherever it may be, so that a link stays in one piece for whoever reads the file."""
    if any(len(line.encode()) > _LINE_MAX_BYTES for line in text.splitlines()):
        return "quoted-printable"
    return "7bit" if text.isascii() else "8bit"
