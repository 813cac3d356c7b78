"""GET /search?query=: which words are found, however they are written."""

import pytest

from tests.answers import refusal
from tests.search.conftest import Talk

pytestmark = pytest.mark.usefixtures("way")


async def test_a_hit_is_the_message_as_elsewhere_and_where_its_words_are(talk: Talk) -> None:
    (message,) = await talk.say("Shall we meet at the station?")

    assert await talk.hits("station") == [
        {
            "conversation_id": talk.conversation.id,
            "message": message,
            "highlights": [[21, 7]],
        }
    ]


@pytest.mark.parametrize(
    ("body", "queries"),
    [
        ("The deployment is done", ["deployment", "deploy", "ploy", "ment", "d", "is", "THE DONE"]),
        ("Crème brûlée à la Żółć", ["creme brulee", "CRÈME", "żółć", "zolc", "bru\u0302le\u0301e"]),
        ("Straße nach Århus, Ærø", ["strasse", "arhus", "aero", "STRASSE"]),
        ("Завтра в Москве, ещё раз", ["завтра", "МОСКВ", "скв", "еще", "в"]),
        ("ὈΔΥΣΣΕΎΣ στην Ιθάκη", ["οδυσσευς", "ιθακη", "δυσσ"]),
        ("明天去北京吃饭", ["北京", "京", "吃饭", "去北京吃"]),
        ("がんばってカタカナｶﾞ", ["がんばって", "カタ", "んば", "ガ", "ｶﾀｶﾅ"]),
        ("안녕하세요 여러분", ["안녕", "녕하", "요", "\u110b\u1161\u11ab녕"]),
        ("Ship it 🚀👍🏽 ❤️ 👨‍👩‍👧", ["🚀", "👍", "👍🏽", "❤", "❤️", "👨‍👩‍👧", "🚀👍"]),
        ("مرحبا بالعالم", ["مرحبا", "عالم"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("สวัสดีชาวโลก", ["สวัสดี", "โลก"]),
        ("ＦＵＬＬ　ＷＩＤＴＨ ﬁne ½", ["full width", "fine", "1/2"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth", "soft\u00adhyphen"]),
    ],
)
async def test_words_are_found_whole_and_in_part(talk: Talk, body: str, queries: list[str]) -> None:
    await talk.say(body, "...")

    for query in queries:
        assert await talk.found(query) == [body], query


async def test_what_is_not_there_is_not_found(talk: Talk) -> None:
    await talk.say("Завтра й 北京 がん 👍 deployment", "京北 tnemyolped")

    for query in ("и", "南京", "北x京", "かん", "👎", "deploys", "deploymnet", "deployment done"):
        assert await talk.found(query) == [], query
    assert await talk.found("北京") == ["Завтра й 北京 がん 👍 deployment"]
    assert await talk.found("й") == ["Завтра й 北京 がん 👍 deployment"]


async def test_all_words_must_be_there_in_any_order(talk: Talk) -> None:
    await talk.say("red car", "car that is red", "red bike")

    assert await talk.found("red car") == ["car that is red", "red car"]
    assert await talk.found("  car   red\tred ") == ["car that is red", "red car"]


@pytest.mark.parametrize(
    "special",
    [
        *("%", "_", "\\", "%%", "__", "\\\\", "*", "?", ".*", "'", '"', "''", "\\'", "$1", ":x"),
        *("a & b", "a | !b", "a <-> b", "b:*", "(a", "a)", "[a", "{1", "NOT", "OR", "-b", '"a b"'),
        *("--", "/*", "%(x)s", "{}", "\\m", "\\y", "^b", "b$", "***:", "(?i)"),
    ],
)
@pytest.mark.parametrize("sort", ["newest", "best"])
async def test_query_syntax_is_plain_text(talk: Talk, special: str, sort: str) -> None:
    await talk.say("a b c", f"look: {special}")

    assert await talk.found(special, sort=sort) == [f"look: {special}"]


@pytest.mark.parametrize("query", ["", " ", "\u200b", "\t\n", "\u0301", "\ufe0f \u0301", "\u00ad"])
async def test_a_query_of_nothing_but_marks_is_refused(talk: Talk, query: str) -> None:
    assert refusal(await talk.search(query)) == (422, "query_blank")


async def test_a_query_is_required_and_has_up_to_200_characters(talk: Talk) -> None:
    await talk.say("🙂" * 200)

    assert refusal(await talk.bob.client.get("/search")) == (422, "query_blank")
    assert await talk.found("🙂" * 200) == ["🙂" * 200]
    assert refusal(await talk.search("x" * 201)) == (422, "query_too_long")
    assert refusal(await talk.search("a\0b")) == (422, "query_invalid")


async def test_a_hundred_words_are_no_error(talk: Talk) -> None:
    words = " ".join(chr(0x4E00 + number) for number in range(100))
    await talk.say(words)

    for sort in ("newest", "best"):
        assert await talk.found(words, sort=sort) == [words]


async def test_a_changed_message_is_found_by_its_new_words_only(talk: Talk) -> None:
    (message,) = await talk.say("the first words")
    await talk.change(message["id"], "something else")

    assert await talk.found("first") == []
    assert await talk.found("else") == ["something else"]


async def test_a_withdrawn_message_is_not_found(talk: Talk) -> None:
    _, withdrawn = await talk.say("kept words", "withdrawn words")
    await talk.change(withdrawn["id"], "")

    assert await talk.found("words") == ["kept words"]
    assert await talk.found("withdrawn") == []
