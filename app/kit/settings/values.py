"""What a knob may be set to. A wrong value is refused at the start, not by the first request."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from limits import parse
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from app.kit.addresses import named_address

# Whoever comes by a Unix socket has no address.
UNIX_SOCKET = "unix"


def _split_at_commas(value: object) -> object:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def _proxies(words: tuple[str, ...]) -> tuple[str, ...]:
    """If all the world were one, everybody would choose the address they are limited by."""
    if not all(word == UNIX_SOCKET or _is_part_of_world(word) for word in words):
        raise ValueError(f"must be addresses or networks, like 10.0.0.0/8, or {UNIX_SOCKET}")
    return words


def _is_part_of_world(network: str) -> bool:
    try:
        return ip_network(network, strict=False).prefixlen > 0
    except ValueError:
        return False


def _rate(text: str) -> str:
    try:
        parse(text)
    except ValueError:
        raise ValueError("must be like 30/minute or 5/hour") from None
    return text


def _web_address(text: str) -> str:
    """Links are made by appending a path. Empty is none."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
        raise ValueError("must be the address of the web client, like https://chat.example.com")
    return text.rstrip("/")


def _mail_address(text: str) -> str:
    named_address(text)
    return text


def _mail_server(url: SecretStr) -> SecretStr:
    if not _names_mail_server(url.get_secret_value()):
        raise ValueError("must be like smtp://user:password@host:587 or smtps://...:465")
    return url


def _names_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # A port that is no number. Its words would show a piece of the password.
        return False


def _storage(url: str) -> str:
    """Empty is the data folder."""
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    is_bucket = parts.scheme == "s3" and bool(parts.netloc)
    if url and (not (is_folder or is_bucket) or parts.query or "@" in parts.netloc):
        raise ValueError("must be like s3://bucket/prefix or file:///var/lib/chatflow/attachments")
    return url


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_at_commas)]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_at_commas)]
Proxies = Annotated[Words, AfterValidator(_proxies)]
Rate = Annotated[str, AfterValidator(_rate)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
StorageUrl = Annotated[str, AfterValidator(_storage)]
MailServer = Annotated[SecretStr, AfterValidator(_mail_server)]
