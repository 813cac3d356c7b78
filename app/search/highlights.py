"""Where in a body the words are that it was found by.

Folding is known to Postgres alone (`search_fold`), and may change how long a text is: so a body is
cut into pieces that are folded by themselves, and what is found in the folded is traced back.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

# What nobody reads any more.
HIGHLIGHTS_MAX = 100
# What `search_fold` leaves out.
_NOT_DRAWN = "\u00ad\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f"


def _composing() -> str:
    """The characters that become one with what is before them, in Unicode's normal forms.

    With them goes what is not drawn: it belongs to what it stands behind.
    Source: UAX 15: the second parts of canonical decompositions, and of Hangul syllables; and the
    voiced marks of narrow Katakana, which NFKC makes such.
    """
    decompositions = (unicodedata.decomposition(chr(code)).split() for code in range(0x1D200))
    seconds = {parts[1] for parts in decompositions if len(parts) == 2 and parts[0][0] != "<"}
    marks = "".join(re.escape(chr(int(second, 16))) for second in sorted(seconds))
    return f"[{marks}\u1161-\u1175\u11a8-\u11c2\uff9e\uff9f{_NOT_DRAWN}]"


_PIECE = re.compile(f".{_composing()}*", re.DOTALL)


def pieces_of(bodies: Iterable[str]) -> set[str]:
    """Everything that must be folded to trace something in these."""
    return {piece for body in bodies for piece in _PIECE.findall(body)}


def highlights(body: str, terms: Iterable[str], folded: Mapping[str, str]) -> list[tuple[int, int]]:
    """The first hundred, from left to right; those that touch are one. Units: code points."""
    pieces = _PIECE.findall(body)
    starts = [0, *accumulate(map(len, pieces))]
    parts = [folded[piece] for piece in pieces]
    folded_starts = [0, *accumulate(map(len, parts))]
    text = "".join(parts)
    spans = [
        (starts[bisect_right(folded_starts, first) - 1], starts[bisect_left(folded_starts, end)])
        for term in terms
        for first, end in _places(text, term)
    ]
    return [(first, end - first) for first, end in _joined(sorted(spans))][:HIGHLIGHTS_MAX]


def _places(text: str, term: str) -> Iterator[tuple[int, int]]:
    first = text.find(term)
    while first >= 0:
        yield first, first + len(term)
        first = text.find(term, first + len(term))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, end in spans:
        if joined and first <= joined[-1][1]:
            first, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((first, end))
    return joined
