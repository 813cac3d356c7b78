"""What can be read as a name, and what only looks like nothing, like noise, or like another text.

Source: UTS 39, Unicode Security Mechanisms, section 5.4, for marks.
"""

import unicodedata
from itertools import groupby, pairwise

from app.kit.text import is_invisible, is_selector

# Of the marks of one script four may follow each other: so many has Tibetan, and Hebrew with its
# accents. Those that are for every script are what letters are buried under; Arabic takes two.
_MARKS_MAX = 4
_MARKS_OF_ANY_SCRIPT_MAX = 2
_MARKS_OF_ANY_SCRIPT = (
    ("\u0300", "\u036f"),
    ("\u0483", "\u0489"),
    ("\u064b", "\u0655"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe20", "\ufe2f"),
)
# Persian and the scripts of India write with them, and families of emoji are joined by one.
_JOINERS = "\u200c\u200d"


def can_be_read(name: str, *, with_symbols: bool) -> bool:
    """Is there a letter or a digit, or else an emoji? Dots, marks and strokes alone are no name."""
    categories = {unicodedata.category(c) for c in name if not is_invisible(c)}
    drawn = {"Lu", "Ll", "Lt", "Lo", "Nd", "Nl"}
    if with_symbols:
        drawn |= {"So", "Cn"}  # What Python does not know yet is this year's emoji.
    return not categories.isdisjoint(drawn)


def is_piled_up(name: str) -> bool:
    """Do marks stand upon nothing, or upon each other until they cover the lines around?"""
    text = "".join(c for c in name if not is_selector(c) and c not in _JOINERS)
    if any(_is_mark(mark) and not _bears_marks(base) for base, mark in pairwise(" " + text)):
        return True
    return any(_is_pile("".join(run)) for is_run, run in groupby(text, _is_mark) if is_run)


def hides_something(name: str) -> bool:
    """Are there characters that nobody sees, or that turn around the text which follows?

    A space is seen, and so is what a joiner does between two that are drawn.
    """
    around = zip(" " + name, name, name[1:] + " ", strict=False)
    return any(
        is_invisible(c) and c != " " and not (c in _JOINERS and _is_between(before, after))
        for before, c, after in around
    )


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _bears_marks(base: str) -> bool:
    """Letters, digits, other marks, and the signs that become a key cap."""
    return unicodedata.category(base)[0] in "LMN" or base in "#*◌"


def _is_pile(marks: str) -> bool:
    anywhere = sum(any(a <= mark <= z for a, z in _MARKS_OF_ANY_SCRIPT) for mark in marks)
    is_repeated = any(one == next for one, next in pairwise(marks))
    return is_repeated or anywhere > _MARKS_OF_ANY_SCRIPT_MAX or len(marks) > _MARKS_MAX


def _is_between(before: str, after: str) -> bool:
    """Not beside ASCII, of which nothing is joined: there it would only make another name."""
    return not any(is_invisible(c) or c.isascii() for c in (before, after))
