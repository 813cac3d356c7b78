"""Answers that need not be sent again."""

import hashlib

import orjson
from starlette.datastructures import Headers


def etag(*parts: object) -> str:
    """A strong validator over everything that the representation depends on."""
    digest = hashlib.blake2b(orjson.dumps(parts, default=str), digest_size=16)
    return f'"{digest.hexdigest()}"'


def is_known(headers: Headers, tag: str) -> bool:
    """Does the client have this representation already? Source: RFC 9110, section 13.1.2."""
    known = [value.strip() for value in headers.get("if-none-match", "").split(",")]
    return "*" in known or tag in (value.removeprefix("W/") for value in known)
