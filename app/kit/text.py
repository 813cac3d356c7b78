"""What a text may hold, and when it says nothing."""

import unicodedata
from typing import Annotated, NoReturn

from pydantic import AfterValidator, StrictStr
from pydantic_core import PydanticCustomError

# Letters that are drawn as nothing: Hangul fillers and the empty Braille pattern.
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def refuse(reason: str, sentence: str) -> NoReturn:
    """Refuse the value at hand, from inside a validator."""
    context = {"reason": reason, "sentence": sentence}
    raise PydanticCustomError("refused", "{sentence}", context)


def is_invisible(character: str) -> bool:
    """White space, controls, formats (zero widths, direction marks), and blanks in disguise."""
    category = unicodedata.category(character)
    return category[0] in "ZC" or character in _DRAWN_AS_NOTHING


def is_blank(text: str) -> bool:
    # Variation selectors are marks that change only what they follow.
    return all(is_invisible(c) or "\ufe00" <= c <= "\ufe0f" for c in text)


def one_line(text: str) -> str:
    """NFKC, and every run of white space one space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _storable(text: str) -> str:
    """What neither Postgres nor UTF-8 can say: NUL, and half a surrogate pair."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        refuse("invalid", "is invalid")
    if 0 in encoded:
        refuse("invalid", "is invalid")
    return text


# Strict: a number is not a text.
Text = Annotated[StrictStr, AfterValidator(_storable)]
