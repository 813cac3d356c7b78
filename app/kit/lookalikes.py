"""Which names look like one another, and which mix alphabets to that end.

Source: UTS 39, Unicode Security Mechanisms, sections 4 (confusables) and 5.2 (mixed scripts).
"""

import unicodedata
from collections.abc import Iterator

from confusable_homoglyphs.categories import alias as script_of
from confusable_homoglyphs.utils import load

# The data comes from a file in which right-to-left letters stand between these marks.
_LEFT_TO_RIGHT_MARK = "\u200e"
# UTS 39 has capital I and small l as one; without regard to case i is then one with them. If it
# were not, `lvan` could be had beside `ivan`, and be read as `Ivan`.
_I_IS_L = str.maketrans("i", "l")

_ANY_SCRIPT = {"COMMON", "INHERITED"}
# The level "Highly Restrictive": what is written together in Japan, Taiwan and Korea.
_WRITTEN_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)


def key(name: str) -> str:
    """The same for names that are the same to the eye: `alice`, and `AIice` with a capital i.

    Digits are no exception, as UTS 39 has it: `bob1` is `bobl`, `b0b` is `bob`. Whoever wants to
    be taken for somebody else asks for just that, and the honest have other names to choose from.

    Keys are stored. Another version of the data may make others of the same names, and then needs
    a migration that makes them anew.
    Source: `skeleton` of UTS 39, section 4, without regard to case.
    """
    drawn = "".join(map(_drawn, unicodedata.normalize("NFD", name)))
    return unicodedata.normalize("NFD", drawn).casefold().translate(_I_IS_L)


def mixes_scripts(name: str) -> bool:
    """Is there a letter among those of another alphabet that is drawn as one of them?

    A Cyrillic a in `alice` deceives the eye; the omega of `Ωmega` does not. Japanese, Chinese and
    Korean are written in several scripts at once, and with Latin.
    Source: UTS 39, section 5.2, whose "Highly Restrictive" is let pass whole, and 5.3, digits of
    several decimal systems.
    """
    zeros = {ord(c) - unicodedata.decimal(c) for c in name if c.isdecimal()}
    scripts = {script_of(character) for character in name} - _ANY_SCRIPT
    if len(scripts) <= 1 or any(scripts <= together for together in _WRITTEN_TOGETHER):
        return len(zeros) > 1
    return len(zeros) > 1 or any(_is_guest(character, scripts) for character in name)


def _is_guest(character: str, scripts: set[str]) -> bool:
    drawn = _PROTOTYPES.get(character, "")
    return bool({script_of(part) for part in drawn} & scripts - {script_of(character)})


def _drawn(character: str) -> str:
    """Case is ignored only where the capital does not look like another letter.

    The capital of the Cyrillic в is drawn as B, though в is not drawn as b.
    """
    drawn = _PROTOTYPES.get(character, character)
    if drawn.isascii():
        return drawn
    small = character.casefold()
    return "".join(_PROTOTYPES.get(letter, letter) for letter in small)


def _read_prototypes() -> dict[str, str]:
    """What each character is drawn as, if not as itself.

    The package knows pairs, each in both directions; its own module would keep 10 MB of their
    names in memory. Whoever has several partners, or is several characters, is the prototype.
    """
    data: dict[str, list[dict[str, str]]] = load("confusables.json")
    partners = {_bare(text): [_bare(one["c"]) for one in pairs] for text, pairs in data.items()}
    prototypes = dict(_directed(partners))
    return {
        character: "".join(prototypes.get(part, part) for part in prototype)
        for character, prototype in prototypes.items()
    }


def _directed(partners: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for text, others in partners.items():
        if len(text) > 1 or len(others) > 1:
            continue
        other = others[0]
        # Of two that have only each other, either will do.
        if len(other) > 1 or len(partners[other]) > 1 or other < text:
            yield text, other


def _bare(text: str) -> str:
    return text.strip(_LEFT_TO_RIGHT_MARK)


_PROTOTYPES = _read_prototypes()
