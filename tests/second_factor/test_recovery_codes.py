"""Recovery codes, for whoever has lost their authenticator."""

import asyncio
import re
from collections import Counter

from sqlalchemy import text

from tests.answers import refusal
from tests.auth.signing import sign_in
from tests.factories import House
from tests.second_factor.phone import PATH, Hands, activity, begin, disable, enrol, renew

EMAIL = "alice@example.com"


async def test_each_is_good_once(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    _, codes = await enrol(alice, hands)

    used = await sign_in(house, EMAIL, otp_attempt=codes[0])
    again = await sign_in(house, EMAIL, otp_attempt=codes[0])
    another = await sign_in(house, EMAIL, otp_attempt=codes[1])

    assert used.status_code == another.status_code == 200
    assert refusal(again) == (401, "invalid_second_factor")
    assert (await alice.client.get(PATH)).json() == {"enabled": True, "recovery_codes_left": 8}
    assert (await activity(house, alice)).count("recovery_code_used") == 2


async def test_there_are_ten_that_nobody_guesses(house: House, hands: Hands) -> None:
    _, codes = await enrol(await house.person("alice"), hands)

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)


async def test_they_may_be_typed_in_other_ways(house: House, hands: Hands) -> None:
    _, codes = await enrol(await house.person("alice"), hands)

    for entered in (codes[0].upper(), codes[1].replace("-", ""), codes[2].replace("-", "  ")):
        assert (await sign_in(house, EMAIL, otp_attempt=f" {entered}\n")).status_code == 200


async def test_each_is_good_once_also_at_once(live_house: House, hands: Hands) -> None:
    alice = await live_house.person("alice")
    _, codes = await enrol(alice, hands)

    answers = await asyncio.gather(
        *(sign_in(live_house, EMAIL, otp_attempt=codes[0]) for _ in range(10))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 9}


async def test_what_is_refused_otherwise_uses_none_up(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    _, codes = await enrol(alice, hands)

    wrong_password = await sign_in(house, EMAIL, "a guess", otp_attempt=codes[0])
    conflict = await begin(alice, otp_attempt=codes[0])

    assert refusal(wrong_password) == (401, "invalid_credentials")
    assert refusal(conflict) == (409, "second_factor_enabled")
    assert (await sign_in(house, EMAIL, otp_attempt=codes[0])).status_code == 200


async def test_new_ones_void_the_old_ones(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, old = await enrol(alice, hands)

    renewed = await renew(alice, otp_attempt=phone.code())
    new = renewed.json()["recovery_codes"]

    assert renewed.status_code == 201
    assert renewed.headers["cache-control"] == "no-store"
    assert len(new) == 10
    assert set(new).isdisjoint(old)
    dead = await sign_in(house, EMAIL, otp_attempt=old[0])
    assert refusal(dead) == (401, "invalid_second_factor")
    assert (await sign_in(house, EMAIL, otp_attempt=new[0])).status_code == 200
    assert "recovery_codes_renewed" in await activity(house, alice)


async def test_new_ones_take_both_factors(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, old = await enrol(alice, hands)

    without_code = await renew(alice)
    wrong_password = await renew(alice, otp_attempt=phone.code(), current_password="a guess")

    assert refusal(without_code) == (401, "second_factor_required")
    assert refusal(wrong_password) == (422, "current_password_invalid")
    assert (await sign_in(house, EMAIL, otp_attempt=old[0])).status_code == 200


async def test_without_a_second_factor_there_are_none(house: House) -> None:
    alice = await house.person("alice")
    await begin(alice)

    assert refusal(await renew(alice)) == (404, "not_found")
    assert (await alice.client.get(PATH)).json()["recovery_codes_left"] == 0


async def test_whoever_lost_the_phone_can_turn_it_off(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    _, codes = await enrol(alice, hands)

    assert (await disable(alice, otp_attempt=codes[0])).status_code == 204
    assert (await sign_in(house, EMAIL)).status_code == 200


async def test_only_their_digests_are_kept(house: House, hands: Hands) -> None:
    _, codes = await enrol(await house.person("alice"), hands)

    async with house.session() as session:
        rows = (await session.execute(text("SELECT * FROM recovery_codes"))).all()

    stored = str(rows).lower()
    assert len(rows) == 10
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
