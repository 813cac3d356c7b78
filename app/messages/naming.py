"""Who is named in a text."""

import re
import unicodedata
from itertools import takewhile

from app.auth.profiles import USERNAME_MAX_CHARACTERS, USERNAME_MIN_CHARACTERS

EVERYONE = "everyone"
# Different ones in one message. Each is told on a log of their own; more is a list, not a call.
NAMES_MAX = 50

# Not inside a word: what follows the @ of an e-mail address is nobody's name.
_CALL = re.compile(r"(?<![\w.@-])@([^\s@]+)")


def names_in(text: str) -> list[list[str]]:
    """Shape: for each name in the order of the text, what it may be: the longest first.

    A username may end with a full stop, and so may a sentence.
    """
    if "@" not in text:  # As most: to look for a character is quicker than for a pattern.
        return []
    names = [_readings(found[1]) for found in _CALL.finditer(text)]
    return [list(one) for one in dict.fromkeys(tuple(name) for name in names if name)][:NAMES_MAX]


def _readings(text: str) -> list[str]:
    name = "".join(takewhile(_is_of_a_name, text[: 4 * USERNAME_MAX_CHARACTERS]))
    name = unicodedata.normalize("NFKC", name)
    ends = len(name) - len(name.rstrip("_.-"))
    readings = (name[: len(name) - cut] for cut in range(ends + 1))
    return [
        reading.lower()
        for reading in readings
        if USERNAME_MIN_CHARACTERS <= len(reading) <= USERNAME_MAX_CHARACTERS
    ]


def _is_of_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "_.-"
