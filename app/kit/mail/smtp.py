"""Mail over SMTP, a connection for each.

Source: RFC 5321, section 4.2.1: a reply of 4xx may change, one of 5xx will not.
"""

import asyncio
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from app.kit.mail.letter import Mail, Undeliverable, compose
from app.kit.mail.postman import NotSent

logger = structlog.get_logger()

_PERMANENT = 500
_GOODBYE_SECONDS = 2


class SmtpPostman:
    def __init__(self, url: str, author: Address, timeout_seconds: float) -> None:
        """`url` is `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte."""
        self._url = urlsplit(url)
        self._author = author
        self._timeout_seconds = timeout_seconds

    async def send(self, mail: Mail) -> None:
        """Raises: NotSent, Undeliverable"""
        letter = compose(mail, self._author)
        server = self._server()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await server.connect()
                await _hand_over(letter, server)
        except (SMTPException, OSError) as error:  # A TimeoutError is an OSError.
            raise NotSent(_in_short(error)) from None
        finally:
            await _leave(server)
        logger.info("mail.sent")

    def _server(self) -> SMTP:
        is_private = self._url.scheme == "smtps"
        has_password = bool(self._url.username)
        return SMTP(
            hostname=self._url.hostname,
            port=self._url.port or _usual_port(self._url),
            username=unquote(self._url.username or "") or None,
            password=unquote(self._url.password or "") or None,
            use_tls=is_private,
            # A password is never said in the clear. Otherwise TLS is taken where it is offered, of
            # whomever it may be: who could pretend to be the server could also hide the offer.
            start_tls=None if is_private or not has_password else True,
            validate_certs=is_private or has_password,
            # Else the name of this machine is looked up, for as long as DNS takes.
            local_hostname=self._author.domain,
            timeout=self._timeout_seconds,
        )


def _usual_port(url: SplitResult) -> int:
    if url.scheme == "smtps":
        return 465
    return 587 if url.username else 25


async def _hand_over(letter: EmailMessage, server: SMTP) -> None:
    """What is refused here is refused to this mail; before, it would be to any."""
    try:
        await server.send_message(letter)
    except SMTPRecipientsRefused as refused:
        raise _verdict(refused.recipients[0]) from None
    except SMTPDataError as refused:
        raise _verdict(refused) from None
    except SMTPNotSupported:
        raise Undeliverable("the server knows no addresses in other letters") from None


def _verdict(refused: SMTPResponseException) -> NotSent | Undeliverable:
    kind = Undeliverable if refused.code >= _PERMANENT else NotSent
    return kind(_in_short(refused))


async def _leave(server: SMTP) -> None:
    """What comes now changes nothing: a mail that was taken would only be sent twice."""
    with suppress(SMTPException, OSError):
        await server.quit(timeout=_GOODBYE_SECONDS)
    server.close()


def _in_short(error: Exception) -> str:
    """The words of a server repeat the address."""
    code = error.code if isinstance(error, SMTPResponseException) else None
    return f"{type(error).__name__} {code}" if code else type(error).__name__
