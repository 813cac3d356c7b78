"""A real mail server in the test's process."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mailbox import Letter, read

# It tells every command, with addresses and passwords; and no log of a test run may hold them.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass
class MailServer:
    """`answers` are what it says to a sender, a recipient and a letter, instead of 250.

    While `is_open` is not set, it says nothing to a letter; the other is for QUIT.
    """

    port: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    says_goodbye: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    has_tls: list[bool] = field(default_factory=list)
    logins: list[LoginPassword] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.asked += 1
        await self.is_open.wait()
        if "DATA" not in self.answers:
            assert isinstance(envelope.content, bytes)
            self.letters.append(read(envelope.content))
            self.recipients += envelope.rcpt_tos
            self.has_tls.append(session.ssl is not None)
        return self.answers.get("DATA", "250 OK")

    async def handle_QUIT(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        await self.says_goodbye.wait()
        return "221 Bye"

    def let_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, login: Any
    ) -> AuthResult:
        self.logins.append(login)
        return AuthResult(success=True)

    def speak(self, **options: Any) -> Callable[[], SMTP]:
        loop = asyncio.get_running_loop()
        return lambda: SMTP(self, loop=loop, hostname="mail", authenticator=self.let_in, **options)


@asynccontextmanager
async def mail_server(
    private: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[MailServer]:
    """With `private` it speaks TLS from the first byte; `options` are those of aiosmtpd's SMTP."""
    server = MailServer()
    server.is_open.set()
    server.says_goodbye.set()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server.speak(**options), "127.0.0.1", 0, ssl=private)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
