"""A mail, and the letter that it becomes.

Source: RFC 5322; RFC 3834 for what programs send.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid, parseaddr

_LINE_MAX_BYTES = 998  # RFC 5322, section 2.1.1, without the end of the line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# A local part without quotes (RFC 5322's dot-atom, and RFC 6531's wider alphabet), and a domain.
_ADDRESS = re.compile(r"""([^\s@()<>\[\]\\,;:"\x00-\x1f\x7f-\x9f]+)@([^\s@()<>\\,;:"]+)""")


@dataclass(frozen=True)
class Mail:
    """Shape: `to` is an address without a name, `text` is plain text for people.

    Raises: ValueError if `to` is no address, or the subject is not one line.
    """

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        address(self.to)
        if not self.subject or _CONTROLS.search(self.subject):
            raise ValueError("a subject is one line")


def address(text: str, name: str = "") -> Address:
    """A domain in other letters than ASCII becomes the one that DNS knows.

    Raises: ValueError, which does not quote it.
    """
    parts = _ADDRESS.fullmatch(text)
    if parts is None or _CONTROLS.search(name):
        raise ValueError("not an address")
    local, domain = parts.groups()
    try:
        return Address(name, local, domain.encode("idna").decode())
    except (ValueError, IndexError, MessageError):  # A UnicodeError is a ValueError.
        raise ValueError("not an address") from None


def sender(text: str) -> Address:
    """Shape: `chat@example.com` or `ChatFlow <chat@example.com>`.

    Raises: ValueError
    """
    name, plain = parseaddr(text)
    return address(plain, name)


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
