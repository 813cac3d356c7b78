"""What must not be in a log: whatever was said that is a secret by its name."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.secrecy.shapes import shapes_in

_APP = Path(__file__).parents[2] / "app"

# Shorter ones might be in a log by chance: `Hello`, or a code of six digits.
SECRET_MIN_CHARACTERS = 8
BODY_MIN_CHARACTERS = 12
# Whatever is logged of it is found, although it was cut off.
_SECRET_MAX_CHARACTERS = 64
_BODY_MAX_CHARACTERS = 16
# `00000000` is in many numbers.
_DIFFERENT_CHARACTERS_MIN = 5

_SECRET_NAMES = re.compile("password|secret|otp|token|recovery|credential|authorization", re.I)
_BODY_NAMES = frozenset({"body"})
_WRITINGS = frozenset({"message body", "request body", "frame"})
_A_WORD = re.compile(r"[a-z_.]+")

# What stands the same in JSON, in a `repr` and in a statement of SQL.
_NEVER_ESCAPED = re.compile(r"[\w !#$&*+,./:;=?@^|~-]+")
_PAIR_OF_JSON = re.compile(r"""["']?(\w+)["']?\s*:\s*"([^"\\]*)["\\]""")


class Secrets:
    """Found by their first characters, so that a log is walked once, however many there are."""

    def __init__(self) -> None:
        self._by_head: defaultdict[str, dict[str, str]] = defaultdict(dict)

    # What is heard.

    def add(self, kind: str, value: str) -> None:
        if len(value) >= SECRET_MIN_CHARACTERS:
            self._add(kind, value[:_SECRET_MAX_CHARACTERS])

    def add_body(self, text: str, kind: str = "message body") -> None:
        for part in _NEVER_ESCAPED.findall(text):
            if len(part.strip()) >= BODY_MIN_CHARACTERS:
                self._add(kind, part.strip()[:_BODY_MAX_CHARACTERS])

    def _add(self, kind: str, value: str) -> None:
        if len(set(value)) >= _DIFFERENT_CHARACTERS_MIN:
            self._by_head[value[:SECRET_MIN_CHARACTERS]].setdefault(value, kind)

    def add_field(self, name: str, value: object) -> None:
        """A field of a document, by its name; texts that are JSON themselves are opened."""
        if isinstance(value, dict):
            for inner_name, inner in value.items():
                self.add_field(inner_name, inner)
        elif isinstance(value, list):
            for inner in value:
                self.add_field(name, inner)
        elif isinstance(value, str):
            self._add_text(name, value)

    def _add_text(self, name: str, text: str) -> None:
        if text.startswith("{") and (inner := _parsed(text)):
            self.add_field(name, inner)
        if _SECRET_NAMES.search(name):
            self.add(name.lower(), text)
        elif name in _BODY_NAMES:
            self.add_body(text)

    def add_document(self, content: bytes, unread: str | None = None) -> None:
        """`unread` is what to call a document that is not JSON."""
        document = _parsed(content)
        if document is not None:
            self.add_field("", document)
        elif unread:
            self.add_body(content[:1000].decode(errors="replace").replace("\ufffd", "\n"), unread)

    def add_text(self, text: str) -> None:
        """A text that holds JSON here and there."""
        for name, value in _PAIR_OF_JSON.findall(text):
            self._add_text(name, value)

    def add_query(self, query: str) -> None:
        for name, value in parse_qsl(query):
            self._add_text(name, value)

    def add_header(self, name: str, value: str) -> None:
        name = name.lower()
        if name in ("cookie", "set-cookie"):
            for pair in value.split(";") if name == "cookie" else [value.partition(";")[0]]:
                self.add("cookie", pair.partition("=")[2].strip().strip('"'))
        elif name == "authorization":
            self.add(name, value.partition(" ")[2].strip() or value)
        else:
            self._add_text(name, value)

    # What is looked for.

    def kinds_in(self, text: str) -> set[str]:
        """Of the secrets that are in the text."""
        return {*shapes_in(text), *self._heard_in(text)}

    def _heard_in(self, text: str) -> Iterator[str]:
        for start in range(len(text) - SECRET_MIN_CHARACTERS + 1):
            head = text[start : start + SECRET_MIN_CHARACTERS]
            for secret, kind in self._by_head.get(head, {}).items():
                if text.startswith(secret, start) and not _is_public(kind, secret):
                    yield kind


def _is_public(kind: str, text: str) -> bool:
    """What we write ourselves may be logged: an example of what to say, `password` for a password.

    But `secret123` may not, although everybody may know it from the seed.
    """
    may_be_ours = kind in _WRITINGS or bool(_A_WORD.fullmatch(text))
    return may_be_ours and text in _source()


@cache
def _source() -> str:
    return "\n".join(file.read_text() for file in _APP.rglob("*.py"))


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


SECRETS = Secrets()
