"""Signing in with a second factor."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import read_error, refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.factories import PASSWORD, House, Person
from tests.houses import house_with
from tests.second_factor.phone import Hands, activity, enrol

EMAIL = "alice@example.com"


async def count_logins(person: Person) -> int:
    return len((await person.client.get("/users/logins")).json())


async def test_a_code_of_the_authenticator_signs_in(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    answer = await sign_in(house, EMAIL, otp_attempt=phone.code())

    assert answer.status_code == 200
    assert (await who_is(house, session_cookie(answer).value)).json()["id"] == alice.id


async def test_it_gives_a_jwt_too(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    who = {"email": EMAIL, "password": PASSWORD}

    without = await house.client().post("/auth/login", json={"user": who})
    answer = await house.client().post(
        "/auth/login", json={"user": who | {"otp_attempt": phone.code()}}
    )

    assert refusal(without) == (401, "second_factor_required")
    assert "authorization" not in without.headers
    assert answer.headers["authorization"].startswith("Bearer ey")


async def test_a_code_may_be_entered_as_it_is_shown(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    code = phone.code()

    answer = await sign_in(house, EMAIL, otp_attempt=f" {code[:3]} {code[3:]}\n")

    assert answer.status_code == 200


@pytest.mark.parametrize("entered", [None, "", " \t"])
async def test_the_password_alone_makes_no_login(
    house: House, hands: Hands, entered: str | None
) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    answer = await sign_in(house, EMAIL, otp_attempt=entered)

    assert refusal(answer) == (401, "second_factor_required")
    assert answer.json()["error"] == "Enter the code of your authenticator"
    assert "set-cookie" not in answer.headers
    assert await count_logins(alice) == 1
    assert (await sign_in(house, EMAIL, otp_attempt=phone.code())).status_code == 200
    assert await count_logins(alice) == 2


async def test_who_does_not_know_the_password_learns_nothing(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)

    answers = [
        await sign_in(house, EMAIL, "a guess"),
        await sign_in(house, EMAIL, "a guess", otp_attempt=phone.code()),
        await sign_in(house, EMAIL, "a guess", otp_attempt=phone.wrong_code()),
        await sign_in(house, "nobody@example.com", otp_attempt=phone.code()),
    ]

    bodies = [read_error(answer) | {"request_id": None} for answer in answers]
    assert bodies[0]["code"] == "invalid_credentials"
    assert bodies == [bodies[0]] * 4
    assert (await sign_in(house, EMAIL, otp_attempt=phone.code())).status_code == 200


async def test_a_wrong_code_is_refused_and_leaves_a_trace(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)
    before = await activity(house, alice)

    answer = await sign_in(house, EMAIL, otp_attempt=phone.wrong_code())

    assert refusal(answer) == (401, "invalid_second_factor")
    assert "set-cookie" not in answer.headers
    assert await activity(house, alice) == [*before, "second_factor_failed"]
    assert await count_logins(alice) == 1


async def test_a_code_is_good_once(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    code = phone.code()
    assert (await sign_in(house, EMAIL, otp_attempt=code)).status_code == 200

    again = await sign_in(house, EMAIL, otp_attempt=code)
    the_one_before = await sign_in(house, EMAIL, otp_attempt=phone.code(-1))

    assert refusal(again) == refusal(the_one_before) == (401, "invalid_second_factor")
    assert (await sign_in(house, EMAIL, otp_attempt=phone.next_code())).status_code == 200


async def test_the_code_that_confirmed_it_signs_nobody_in(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)

    answer = await sign_in(house, EMAIL, otp_attempt=phone.code(-1))

    assert refusal(answer) == (401, "invalid_second_factor")


async def test_a_code_is_good_once_also_at_once(live_house: House, hands: Hands) -> None:
    alice = await live_house.person("alice")
    phone, _ = await enrol(alice, hands)

    answers = await asyncio.gather(
        *(sign_in(live_house, EMAIL, otp_attempt=phone.code()) for _ in range(10))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 9}
    assert await count_logins(alice) == 2
    assert (await activity(live_house, alice)).count("second_factor_failed") == 9


@pytest.mark.parametrize(
    ("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_the_clock_of_a_phone_may_be_off_by_half_a_minute(
    house: House, hands: Hands, steps: int, is_good: bool
) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    hands.turn(10)

    answer = await sign_in(house, EMAIL, otp_attempt=phone.code(steps))

    assert answer.status_code == (200 if is_good else 401)


async def test_a_code_of_somebody_else_is_wrong(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    other_phone, other_codes = await enrol(await house.person("bob"), hands)

    for entered in (other_phone.code(), other_codes[0]):
        answer = await sign_in(house, EMAIL, otp_attempt=entered)
        assert refusal(answer) == (401, "invalid_second_factor")
    assert (await sign_in(house, EMAIL, otp_attempt=phone.code())).status_code == 200


async def test_who_has_no_second_factor_is_not_asked(house: House) -> None:
    await house.person("alice")

    assert (await sign_in(house, EMAIL)).status_code == 200
    assert (await sign_in(house, EMAIL, otp_attempt="123456")).status_code == 200


async def test_guessing_codes_ends_but_locks_the_owner_not_out(
    settings: Settings, engine: AsyncEngine, hands: Hands
) -> None:
    strict = {"rate_limits": True, "authenticator_rate": "4/hour", "sign_in_rate": "100/minute"}
    async with house_with(settings, engine, **strict, redis_url=None) as house:
        phone, recovery_codes = await enrol(await house.person("alice"), hands)
        for _ in range(3):
            guess = await sign_in(house, EMAIL, otp_attempt=phone.wrong_code())
            assert refusal(guess) == (401, "invalid_second_factor")

        late = await sign_in(house, EMAIL, otp_attempt=phone.code())
        owner = await sign_in(house, EMAIL, otp_attempt=recovery_codes[0])

    assert refusal(late) == (429, "too_many")
    assert late.headers["ratelimit-policy"] == '"authenticator";q=4;w=3600'
    assert owner.status_code == 200


async def test_wrong_codes_count_as_attempts_to_sign_in(
    settings: Settings, engine: AsyncEngine, hands: Hands
) -> None:
    strict = {"rate_limits": True, "sign_in_rate": "3/minute"}
    async with house_with(settings, engine, **strict, redis_url=None) as house:
        phone, _ = await enrol(await house.person("alice"), hands)
        for _ in range(3):
            guess = await sign_in(house, EMAIL, otp_attempt=phone.wrong_code())
            assert refusal(guess) == (401, "invalid_second_factor")

        late = await sign_in(house, EMAIL, otp_attempt=phone.code())

    assert refusal(late) == (429, "too_many")
    assert late.headers["ratelimit-policy"] == '"sign_in";q=3;w=60'


MISTAKES: list[tuple[Any, tuple[int, str]]] = [
    (123456, (422, "otp_attempt_not_a_string")),
    (["123456"], (422, "otp_attempt_not_a_string")),
    ("1" * 10_000, (422, "otp_attempt_too_long")),
    ("12345\0", (422, "otp_attempt_invalid")),
    ("1" * 1_000, (401, "invalid_second_factor")),
    ("12345", (401, "invalid_second_factor")),
    ("1234567", (401, "invalid_second_factor")),
    ("-123456", (401, "invalid_second_factor")),
    ("1_2_3_4", (401, "invalid_second_factor")),
    ("' OR 1=1", (401, "invalid_second_factor")),
    ("\u200b", (401, "invalid_second_factor")),
]


@pytest.mark.parametrize(("entered", "expected"), MISTAKES, ids=[str(m)[:12] for m, _ in MISTAKES])
async def test_what_cannot_be_a_code_is_refused(
    house: House, hands: Hands, entered: Any, expected: tuple[int, str]
) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)

    assert refusal(await sign_in(house, EMAIL, otp_attempt=entered)) == expected
    assert (await sign_in(house, EMAIL, otp_attempt=phone.code())).status_code == 200


@pytest.mark.parametrize("zero", ["٠", "०", "\uff10"])
async def test_digits_of_other_scripts_are_no_code(house: House, hands: Hands, zero: str) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)
    code = phone.code()
    in_their_script = "".join(chr(ord(zero) + int(digit)) for digit in code)

    other = await sign_in(house, EMAIL, otp_attempt=in_their_script)

    assert refusal(other) == (401, "invalid_second_factor")
    assert (await sign_in(house, EMAIL, otp_attempt=code)).status_code == 200
