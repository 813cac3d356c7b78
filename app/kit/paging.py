"""Where a page begins, how long it is, and the links to its neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from starlette.requests import HTTPConnection

from app.kit.clock import iso, read_iso
from app.kit.errors import Invalid

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
# The biggest bigint of Postgres, but for a tick more.
_BIGGEST = 2**63 - 2
_TICK = timedelta(microseconds=1)
# A `+` that was not escaped arrives as a space.
_LOST_PLUS = re.compile(r"(?<=T)(.*) (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between messages: a position in the log, or a time."""

    at: int | datetime

    def __str__(self) -> str:
        return str(self.at) if isinstance(self.at, int) else iso(self.at)

    def later(self) -> Self:
        """The next place, so that an exclusive bound includes what is at this one."""
        return type(self)(self.at + 1 if isinstance(self.at, int) else self.at + _TICK)

    def earlier(self) -> Self:
        """Positions begin at 1: nothing is before 0."""
        return type(self)(max(self.at - 1, 0) if isinstance(self.at, int) else self.at - _TICK)


@dataclass(frozen=True, slots=True)
class Window:
    """Which page somebody wants. Both bounds are exclusive; `after` wins over `before`.

    `around` is a place of its own: with it there are no bounds.
    """

    before: Cursor | None
    after: Cursor | None
    limit: int
    around: Cursor | None = None


_PLACES = {
    "before": "Only what is older: a `seq`, or an ISO 8601 time",
    "after": "Only what is newer: a `seq`, or an ISO 8601 time",
    "around": "A `seq` or a time to jump to: half a page before it, half from it on",
    "limit": f"1 to {LIMIT_MAX}, by default {LIMIT_DEFAULT}",
}

# For the document, as `openapi_extra`: `read_window` reads them itself. Declared to FastAPI they
# took an eighth of the time of an answer (measured).
WINDOW_PARAMETERS = {
    "parameters": [
        {"name": name, "in": "query", "description": said, "schema": {"type": "string"}}
        for name, said in _PLACES.items()
    ]
}


async def read_window(connection: HTTPConnection) -> Window:
    """Raises: Invalid for text that is neither a number nor a time, and for two places at once."""
    asked = connection.query_params
    window = Window(
        read_cursor("before", asked.get("before")),
        read_cursor("after", asked.get("after")),
        read_limit(asked.get("limit")),
        read_cursor("around", asked.get("around")),
    )
    if window.around and (window.before or window.after):
        raise Invalid.field("around", "conflict", "can't be combined with before or after")
    return window


def read_limit(text: str | None, default: int = LIMIT_DEFAULT, most: int = LIMIT_MAX) -> int:
    """Numbers are clamped, and zero and below mean the default, as in the original."""
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]+", text):
        raise Invalid.field("limit", "not_an_integer", "must be an integer")
    digits = text.lstrip("0")
    if text.startswith("-") or not digits:
        return default
    return most if len(digits) > len(str(most)) else min(int(digits), most)


def read_cursor(name: str, text: str | None) -> Cursor | None:
    """Only digits are a `seq`; anything else is a time, UTC unless it says otherwise."""
    if not text:
        return None
    if re.fullmatch(r"[0-9]+", text):
        digits = text.lstrip("0") or "0"
        return Cursor(min(int(digits[:20]), _BIGGEST))
    try:
        return Cursor(read_iso(_LOST_PLUS.sub(r"\1+\2", text)))
    except ValueError:
        raise Invalid.field(name, "invalid", "must be a seq or an ISO 8601 time") from None


def link_header(path: str, links: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Shape: {"Link": '</path?before=1>; rel="prev", ...'}, or nothing where there is no link.

    Source: RFC 8288. The address is relative: the `Host` header is the client's word.
    """
    parts = [f'<{path}?{urlencode(query)}>; rel="{rel}"' for rel, query in links.items()]
    return {"Link": ", ".join(parts)} if parts else {}
