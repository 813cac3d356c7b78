"""What a client of Action Cable says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

EXTENDED = "actioncable-v1-ext-json"
# The last one is for clients that would rather hear that nothing suits than be cut off.
SUBPROTOCOLS = (EXTENDED, "actioncable-v1-json", "actioncable-unsupported")
_BETWEEN_MACHINES = ("ping", "pong")
# Every frame repeats the identifier, so it may not be long.
IDENTIFIER_MAX_BYTES = 1024


class Malformed(Exception):
    """Not a command, or none that means anything here: it is ignored, and counted."""


def choose_subprotocol(offered: Iterable[str]) -> str | None:
    """The first in the client's order that we know."""
    return next((name for name in offered if name in SUBPROTOCOLS), None)


@dataclass(frozen=True, slots=True)
class Command:
    """Shape: {"command": "subscribe" | "message" | ..., "identifier": <JSON text>?, ...}"""

    name: str
    identifier: str
    body: dict[str, Any]


def decode_command(text: str) -> Command:
    """Raises: Malformed if it is not an object in JSON, or lacks a command or an identifier.

    The identifier is an opaque text that every answer repeats as it came.
    """
    try:
        body = orjson.loads(text)
    except ValueError:
        raise Malformed from None
    if not isinstance(body, dict):
        raise Malformed
    name, identifier = body.get("command"), body.get("identifier")
    if name in _BETWEEN_MACHINES:
        identifier = ""
    if not isinstance(name, str) or not isinstance(identifier, str):
        raise Malformed
    return Command(name, identifier, body)


def decode_object(text: Any) -> dict[str, Any]:
    """JSON in a text, as identifiers and the data of actions are. Raises: Malformed."""
    if not isinstance(text, str):
        raise Malformed
    try:
        value = orjson.loads(text)
    except ValueError:
        raise Malformed from None
    if not isinstance(value, dict):
        raise Malformed
    return value
