"""What a file is called: what its sender called it, but for what is dangerous in a name."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator

from app.kit.text import Text, refuse

# As much as file systems take, if each is a byte.
NAME_MAX_CHARACTERS = 255
_NAMELESS = "file"
# They join emoji, and parts of words in Persian and in Indian scripts.
_JOINERS = "\u200c\u200d"
_UNSAFE_IN_QUOTES = re.compile(r'[^ -~]|["\\%]')


def _name(text: str) -> str:
    """Without folders, controls, and marks that turn around how it is read: `gnp.exe` is no image.

    Neither Windows nor a shell likes a name that ends, or begins, with a dot or a space.
    """
    if len(text) > NAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {NAME_MAX_CHARACTERS} characters)")
    last = re.split(r"[/\\]", text)[-1]
    shown = "".join(map(_drawn, last))
    return " ".join(shown.split()).strip(". ") or _NAMELESS


def _drawn(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] == "Z" or character in "\t\n\r":
        return " "
    return "" if kind[0] == "C" and kind != "Cn" and character not in _JOINERS else character


FileName = Annotated[Text, AfterValidator(_name)]


def content_disposition(name: str, *, inline: bool) -> str:
    """Source: RFC 6266, and RFC 8187 for what is not ASCII."""
    plain = _UNSAFE_IN_QUOTES.sub("_", name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
