"""How soon a password is guessed, and why. Source: zxcvbn, Wheeler 2016."""

from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any

from zxcvbn import zxcvbn

# What zxcvbn sees of a password. Its search for letters that are written as digits and signs grows
# fast with the length, and it is Python: it takes turns with the event loop. The worst that we
# found, all those signs in turn, took 0.2 s for 24 characters, 0.8 s for 40, 2.4 s for 72 and 6 s
# for 128; random characters 3 ms, 34 ms, 80 ms and 3.5 s (measured). A hash takes 0.2 s as well.
# What is hard to guess by its beginning is hard to guess.
_SEEN_MAX_CHARACTERS = 24

# It keeps the words about a person in a dictionary that all threads share.
_one_at_a_time = Lock()

_OWN = "it is made of your own e-mail address or name"
_COMMON_NAME = "it is a common name, or nearly one"
_COMMON_WORD = "it is a common word, or nearly one"
# By zxcvbn's patterns, and for its dictionaries by their names.
_REASONS = {
    "user_inputs": _OWN,
    "passwords": "it is a common password, or nearly one",
    "english_wikipedia": _COMMON_WORD,
    "us_tv_and_film": _COMMON_WORD,
    "surnames": _COMMON_NAME,
    "male_names": _COMMON_NAME,
    "female_names": _COMMON_NAME,
    "spatial": "it follows the keys of a keyboard",
    "repeat": "it repeats itself",
    "sequence": "it is a sequence like abc or 6543",
    "regex": "it is a year, or nearly one",
    "date": "it is a date, or nearly one",
}
_SHORT = "add another word or two"


def why_guessable(password: str, about: Iterable[str], min_score: int) -> str | None:
    """The end of a sentence, or None for a password (not empty) that is hard enough to guess.

    Takes up to 0.2 s of a CPU: not for the event loop. Raises nothing.
    """
    inputs = sorted({word[:_SEEN_MAX_CHARACTERS] for text in about for word in _words(text)})
    with _one_at_a_time:
        result = zxcvbn(password[:_SEEN_MAX_CHARACTERS], inputs)
    if result["score"] >= min_score:
        return None
    longest = max(result["sequence"], key=lambda match: len(match["token"]))
    return _REASONS.get(_kind(longest), _SHORT)


def _words(text: str) -> Iterator[str]:
    """`alice.l@example.com` is guessed whole, and by its parts."""
    yield text
    for separator in "@._- ":
        text = text.replace(separator, " ")
    yield from text.split()


def _kind(match: dict[str, Any]) -> str:
    return str(match.get("dictionary_name") or match.get("pattern", ""))
