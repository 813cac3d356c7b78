"""What may become a password, and away from whom that is found out."""

import asyncio
import sys
from collections.abc import Iterator

import pytest

from app.kit.errors import Invalid, Unavailable
from app.kit.guessing import why_guessable
from app.kit.passwords import Passwords, Rules

RULES = Rules(min_characters=8, min_score=2)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(rounds=4, threads=2, queue_max=200, rules=RULES)
    yield passwords
    passwords.close()


async def problems(passwords: Passwords, *args: object) -> dict[str, list[str]]:
    """Shape: as `fields` of a 422"""
    with pytest.raises(Invalid) as refused:
        await passwords.check_new(*args)  # type: ignore[arg-type]
    fields: dict[str, list[str]] = refused.value.details()["fields"]
    return fields


@pytest.mark.parametrize(
    "password",
    [
        *("a long secret", "correct horse battery", "correct horse battery staple" * 4),
        *(
            "kX9$qLw2",
            "9f8a7c6d",
            "пароль на ключ",
            "秘密の合言葉です",
            "four little words in order",
        ),
    ],
)
async def test_what_is_hard_to_guess_is_taken(passwords: Passwords, password: str) -> None:
    await passwords.check_new(password, password, ["alice@example.com", "alice", "Alice Liddell"])


REASONS = {
    "password1": "it is a common password, or nearly one",
    "P@ssw0rd": "it is a common password, or nearly one",
    "12345678": "it is a common password, or nearly one",
    "qwertyuiop": "it is a common password, or nearly one",
    "secret123": "it is a common password, or nearly one",
    "zxcvbnm,./": "it follows the keys of a keyboard",
    "aaaaaaaa": "it repeats itself",
    "abcdefghijkl": "it is a sequence like abc or 6543",
    "23/11/1987": "it is a date, or nearly one",
    "beautiful": "it is a common word, or nearly one",
    "alice@example.com": "it is made of your own e-mail address or name",
    "ALICE@example.com": "it is made of your own e-mail address or name",
    "liddell1": "it is made of your own e-mail address or name",
    "white-rabbit": "it is made of your own e-mail address or name",
    "e" * 50: "it repeats itself",
}


@pytest.mark.parametrize(("password", "reason"), REASONS.items(), ids=REASONS)
async def test_what_is_easy_to_guess_is_refused_with_the_reason(
    passwords: Passwords, password: str, reason: str
) -> None:
    about = ["alice@example.com", "White-Rabbit", None, "Alice Liddell"]

    fields = await problems(passwords, password, password, about)

    assert fields == {"password": [f"is too easy to guess: {reason}"]}


async def test_what_is_known_of_one_person_is_not_held_against_another(
    passwords: Passwords,
) -> None:
    with pytest.raises(Invalid):
        await passwords.check_new("quxorbwanth", None, ["quxorbwanth@example.com"])
    await passwords.check_new("quxorbwanth", None, ["alice@example.com"])


async def test_two_checked_at_once_are_held_against_what_is_their_own(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps that in a place which all threads share: they must take turns."""
    words = [f"{a}uxorb{b}anth" for a in "qzjxkvw" for b in "wvkxjzq"] * 3
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        outcomes = await asyncio.gather(
            *(passwords.check_new(word, None, [word]) for word in words), return_exceptions=True
        )
    finally:
        sys.setswitchinterval(usual)

    assert [type(outcome) for outcome in outcomes] == [Invalid] * len(words)


async def test_both_fields_are_named(passwords: Passwords) -> None:
    fields = await problems(passwords, "short", "another")

    assert fields == {
        "password": ["is too short (minimum is 8 characters)"],
        "password_confirmation": ["doesn't match Password"],
    }


async def test_characters_are_counted_and_not_bytes(passwords: Passwords) -> None:
    await passwords.check_new("pé€ß😀żçø")

    fields = await problems(passwords, "pé€ß😀żç")

    assert fields == {"password": ["is too short (minimum is 8 characters)"]}


async def test_a_crowd_is_told_to_wait() -> None:
    """What is heavy is done by as few threads as hashing is, and in their queue."""
    passwords = Passwords(rounds=4, threads=1, queue_max=1, rules=RULES)

    outcomes = await asyncio.gather(
        *(passwords.check_new("a long secret") for _ in range(4)), return_exceptions=True
    )
    passwords.close()

    refused = [outcome for outcome in outcomes if outcome is not None]
    assert [type(outcome) for outcome in refused] == [Unavailable] * 2


def test_the_longest_and_strangest_takes_no_longer_than_its_beginning() -> None:
    """zxcvbn itself would refuse more than 72 characters, after seconds for fewer."""
    signs = "4@8({[<369!1|07+5$%2" * 7

    assert why_guessable(signs[:128], ["x" * 254], 0) is None
    assert why_guessable("e" * 24 + signs[:104], [], 2) == "it repeats itself"


@pytest.mark.parametrize("letter", ["x", "é", "秘", "😀"])
async def test_what_comes_after_72_bytes_counts(passwords: Passwords, letter: str) -> None:
    beginning = letter * 72
    hashed = await passwords.hash(beginning + "right" + letter * 23)

    right = await passwords.verify(beginning + "right" + letter * 23, hashed)
    wrong = await passwords.verify(beginning + "wrong" + letter * 23, hashed)

    assert (right.is_right, wrong.is_right) == (True, False)


async def test_a_password_is_hashed_as_it_was_typed(passwords: Passwords) -> None:
    hashed = await passwords.hash("cr\xe8me br\xfbl\xe9e")

    assert (await passwords.verify("cr\xe8me br\xfbl\xe9e", hashed)).is_right
    assert not (await passwords.verify("cre\u0300me bru\u0302le\u0301e", hashed)).is_right
