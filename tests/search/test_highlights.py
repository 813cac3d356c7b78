"""Highlights: offsets in code points of the body as it is stored."""

import pytest

from tests.search.conftest import Talk


@pytest.mark.parametrize(
    ("body", "query", "marked"),
    [
        ("one two one", "one", ["one", "one"]),
        ("one two one", "two one", ["one", "two", "one"]),
        ("Straße, strasse", "strasse", ["Straße", "strasse"]),
        ("Straße", "s", ["S", "ß"]),
        ("👨‍👩‍👧 und Café", "cafe", ["Café"]),
        ("cafe\u0301s", "café", ["cafe\u0301"]),
        ("bananana", "ana", ["ana", "ana"]),
        ("abcd", "ab bc cd", ["abcd"]),
        ("ab cd", "ab cd", ["ab", "cd"]),
        ("ab" * 3, "ab", ["ababab"]),
        ("❤️ love", "❤", ["❤️"]),
        ("明天去北京，北京！", "北京", ["北京", "北京"]),
        ("ｶﾞラス", "ガ", ["ｶﾞ"]),
        ("ﬁne ½ ﷺ", "1/2 in", ["ﬁn", "½"]),
        ("soft\u00adhyphen", "thy", ["t\u00adhy"]),
        ("\u1112\u1161\u11ab글", "한", ["\u1112\u1161\u11ab"]),
        ("a<b>&amp;", "<b>", ["<b>"]),
    ],
)
async def test_the_words_as_they_were_written(
    talk: Talk, body: str, query: str, marked: list[str]
) -> None:
    await talk.say(body)

    (hit,) = await talk.hits(query)

    spans = hit["highlights"]
    assert [body[start : start + length] for start, length in spans] == marked
    assert spans == sorted(spans)


async def test_a_hundred_are_shown_at_most(talk: Talk) -> None:
    await talk.say("a b " * 2_500)

    (hit,) = await talk.hits("a")

    assert hit["highlights"] == [[number * 4, 1] for number in range(100)]
