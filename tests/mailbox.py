"""The mails that were sent, as their readers see them."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from tests.secrecy import SECRETS


@dataclass(frozen=True)
class Letter:
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        content: str = self.message.get_content()
        return content.replace("\r\n", "\n")

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)

    @property
    def link(self) -> str:
        (link,) = self.links
        return link


@dataclass(frozen=True)
class Mailbox:
    """Everybody's: the folder where mails land without a mail server."""

    folder: Path

    @property
    def letters(self) -> list[Letter]:
        """The oldest first."""
        return [read(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.to == address]

    def only(self, address: str) -> Letter:
        (letter,) = self.to(address)
        return letter

    def clear(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()


def read(letter: bytes) -> Letter:
    """Whatever opens an account by its links must be in no log."""
    read = Letter(message_from_bytes(letter, policy=policy.default))
    for address in map(urlsplit, read.links):
        SECRETS.add_query(address.query)
        SECRETS.add_query(address.fragment)
    return read
