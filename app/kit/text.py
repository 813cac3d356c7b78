"""What a text may hold, and when it says nothing."""

import unicodedata
from typing import Annotated, NoReturn

from pydantic import AfterValidator, StrictStr
from pydantic_core import PydanticCustomError

# Letters that are drawn as nothing: Hangul fillers and the empty Braille pattern.
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt: the marks, and what is kept
# for such characters. `unicodedata` does not have it.
_SELECTORS = (
    ("\u034f", "\u034f"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\ufe00", "\ufe0f"),
    ("\U000e0100", "\U000e01ef"),
)
_RESERVED = (("\u2065", "\u2065"), ("\ufff0", "\ufff8"), ("\U000e0000", "\U000e0fff"))

# More than the longest that it may be afterwards, a title of 200. Python sorts the marks upon a
# letter in a time that grows with their square: a thousand take 0.8 ms, 256 KB of them 37 s, and
# everybody waits (measured).
_NORMALIZED_MAX_CHARACTERS = 1000


def refuse(reason: str, sentence: str) -> NoReturn:
    """Refuse the value at hand, from inside a validator."""
    context = {"reason": reason, "sentence": sentence}
    raise PydanticCustomError("refused", "{sentence}", context)


def is_invisible(character: str) -> bool:
    """White space, controls, formats (zero widths, direction marks), and blanks in disguise."""
    category = unicodedata.category(character)
    if category == "Cn":  # Python does not know it yet: this year's emoji, if it is not reserved.
        return _is_in(_RESERVED, character)
    return category[0] in "ZC" or character in _DRAWN_AS_NOTHING


def is_selector(character: str) -> bool:
    """A mark that is not drawn, and only changes how what is next to it is drawn."""
    return _is_in(_SELECTORS, character)


def is_blank(text: str) -> bool:
    return all(is_invisible(c) or is_selector(c) for c in text)


def _is_in(ranges: tuple[tuple[str, str], ...], character: str) -> bool:
    return any(first <= character <= last for first, last in ranges)


def normalized(text: str) -> str:
    """NFKC. What is longer than whatever we normalize stays as it is, and is refused for that."""
    return text if len(text) > _NORMALIZED_MAX_CHARACTERS else unicodedata.normalize("NFKC", text)


def one_line(text: str) -> str:
    """NFKC, and every run of white space one space."""
    return _with_single_spaces(normalized(_with_single_spaces(text)))


def _with_single_spaces(text: str) -> str:
    return " ".join(text.split())


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
