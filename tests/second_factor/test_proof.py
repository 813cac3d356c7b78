"""What takes the password again takes the second factor, too."""

import asyncio
from collections import Counter

import httpx

from tests.answers import refusal
from tests.auth.signing import sign_in
from tests.factories import PASSWORD, House, Person
from tests.second_factor.phone import PATH, Hands, activity, begin, disable, enrol


async def make_token(person: Person, **proof: str) -> httpx.Response:
    wish = {"name": "Nightly report", "current_password": PASSWORD} | proof
    return await person.client.post("/users/tokens", json=wish)


async def test_a_cookie_and_the_password_make_no_token(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    without = await make_token(alice)
    wrong = await make_token(alice, otp_attempt=phone.wrong_code())
    wrong_password = await make_token(alice, current_password="a guess", otp_attempt=phone.code())
    right = await make_token(alice, otp_attempt=phone.code())
    again = await make_token(alice, otp_attempt=phone.code())

    assert refusal(without) == (401, "second_factor_required")
    assert refusal(wrong) == refusal(again) == (401, "invalid_second_factor")
    assert refusal(wrong_password) == (422, "current_password_invalid")
    assert right.status_code == 201
    assert len((await alice.client.get("/users/tokens")).json()) == 1
    assert (await activity(house, alice)).count("second_factor_failed") == 2


async def test_one_code_makes_one_token_also_at_once(live_house: House, hands: Hands) -> None:
    alice = await live_house.person("alice")
    phone, _ = await enrol(alice, hands)

    answers = await asyncio.gather(*(make_token(alice, otp_attempt=phone.code()) for _ in range(8)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 401: 7}


async def test_turning_it_off_takes_both(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    without = await disable(alice)
    wrong = await disable(alice, otp_attempt=phone.wrong_code())
    wrong_password = await disable(alice, current_password="a guess", otp_attempt=phone.code())
    assert (await alice.client.get(PATH)).json()["enabled"] is True
    right = await disable(alice, otp_attempt=phone.code())

    assert refusal(without) == (401, "second_factor_required")
    assert refusal(wrong) == (401, "invalid_second_factor")
    assert refusal(wrong_password) == (422, "current_password_invalid")
    assert right.status_code == 204
    assert (await alice.client.get(PATH)).json() == {"enabled": False, "recovery_codes_left": 0}
    assert (await sign_in(house, "alice@example.com")).status_code == 200
    assert (await activity(house, alice))[-2:] == ["second_factor_disabled", "signed_in"]


async def test_what_is_off_cannot_be_turned_off(house: House) -> None:
    alice = await house.person("alice")

    assert refusal(await disable(alice)) == (404, "not_found")
    await begin(alice)
    assert refusal(await disable(alice)) == (404, "not_found")


async def test_it_can_be_turned_on_again_with_other_codes(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    old_phone, old_codes = await enrol(alice, hands)
    await disable(alice, otp_attempt=old_phone.code())

    phone, _ = await enrol(alice, hands)

    for entered in (old_phone.code(), old_codes[0]):
        answer = await sign_in(house, "alice@example.com", otp_attempt=entered)
        assert refusal(answer) == (401, "invalid_second_factor")
    answer = await sign_in(house, "alice@example.com", otp_attempt=phone.code())
    assert answer.status_code == 200
