"""Turning the second factor on."""

import asyncio
import re
from base64 import b64decode
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
import segno
from sqlalchemy import select, text

from app.auth.access import NOWHERE
from app.auth.actions import end_other_logins
from app.models import User
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.factories import PASSWORD, House
from tests.second_factor.phone import PATH, Hands, Phone, activity, begin, confirm, enrol

OFF = {"enabled": False, "recovery_codes_left": 0}
ON = {"enabled": True, "recovery_codes_left": 10}


async def test_it_is_off_until_a_code_has_confirmed_it(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    assert (await alice.client.get(PATH)).json() == OFF

    begun = await begin(alice)
    assert begun.status_code == 201
    assert (await alice.client.get(PATH)).json() == OFF
    assert (await sign_in(house, "alice@example.com")).status_code == 200

    confirmed = await confirm(alice, Phone(begun.json()["secret"], hands).code())
    assert confirmed.status_code == 200
    assert (await alice.client.get(PATH)).json() == ON
    without_code = await sign_in(house, "alice@example.com")
    assert refusal(without_code) == (401, "second_factor_required")
    assert (await activity(house, alice))[-1] == "second_factor_enabled"


async def test_an_authenticator_can_read_the_enrolment(house: House) -> None:
    """Source: https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
    alice = await house.person("alice")

    enrolment = (await begin(alice)).json()

    url = urlsplit(enrolment["otpauth_url"])
    assert re.fullmatch(r"[A-Z2-7]{32}", enrolment["secret"])
    assert (url.scheme, url.netloc) == ("otpauth", "totp")
    assert unquote(url.path) == "/ChatFlow:alice@example.com"
    assert parse_qs(url.query) == {"secret": [enrolment["secret"]], "issuer": ["ChatFlow"]}


async def test_the_qr_code_is_a_picture_of_the_url(house: House) -> None:
    alice = await house.person("alice")

    enrolment = (await begin(alice)).json()

    kind, _, data = enrolment["qr_code"].partition(",")
    drawn = ElementTree.fromstring(b64decode(data, validate=True))
    expected = BytesIO()
    segno.make_qr(enrolment["otpauth_url"]).save(expected, kind="svg", scale=4, light="white")
    lines = [path.get("d") for path in ElementTree.fromstring(expected.getvalue()).iter()]
    assert kind == "data:image/svg+xml;base64"
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert [path.get("d") for path in drawn.iter()] == lines
    assert len([line for line in lines if line]) == 2, "what is light, and what is dark"


async def test_what_is_shown_once_is_not_stored_by_whoever_carries_it(
    house: House, hands: Hands
) -> None:
    alice = await house.person("alice")

    begun = await begin(alice)
    confirmed = await confirm(alice, Phone(begun.json()["secret"], hands).code())

    assert begun.headers["cache-control"] == confirmed.headers["cache-control"] == "no-store"


async def test_a_stolen_cookie_does_not_begin(house: House) -> None:
    alice = await house.person("alice")

    guessed = await begin(alice, current_password="a guess")
    left_out = await alice.client.post(PATH, json={})
    nobody = await house.client().post(PATH, json={"current_password": PASSWORD})

    assert refusal(guessed) == (422, "current_password_invalid")
    assert refusal(left_out) == (422, "current_password_blank")
    assert refusal(nobody) == (401, "unauthenticated")
    assert (await begin(alice)).status_code == 201


async def test_a_wrong_code_does_not_turn_it_on(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    wrong = await confirm(alice, phone.wrong_code())

    assert refusal(wrong) == (401, "invalid_second_factor")
    assert (await alice.client.get(PATH)).json() == OFF
    assert (await activity(house, alice))[-1] == "second_factor_failed"
    assert (await confirm(alice, phone.code())).status_code == 200


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({}, "otp_attempt_blank"),
        ({"otp_attempt": ""}, "otp_attempt_blank"),
        ({"otp_attempt": " - "}, "otp_attempt_blank"),
        ({"otp_attempt": None}, "otp_attempt_not_a_string"),
        ({"otp_attempt": 123456}, "otp_attempt_not_a_string"),
        ({"otp_attempt": "1" * 10_000}, "otp_attempt_too_long"),
    ],
)
async def test_what_is_no_code_confirms_nothing(
    house: House, hands: Hands, draft: dict[str, object], code: str
) -> None:
    alice = await house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    assert refusal(await alice.client.put(PATH, json=draft)) == (422, code)
    assert (await confirm(alice, f" {phone.code()}\n")).status_code == 200


async def test_beginning_anew_voids_the_first_secret(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    first = Phone((await begin(alice)).json()["secret"], hands)
    second = Phone((await begin(alice)).json()["secret"], hands)

    assert refusal(await confirm(alice, first.code())) == (401, "invalid_second_factor")
    assert (await confirm(alice, second.code())).status_code == 200


async def test_what_was_not_begun_cannot_be_confirmed(house: House, hands: Hands) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    assert refusal(await confirm(bob, phone.code())) == (404, "not_found")
    assert (await confirm(alice, phone.code())).status_code == 200


async def test_an_old_enrolment_cannot_be_confirmed(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)
    async with house.session() as session:
        age = "UPDATE second_factors SET created_at = created_at - interval '61 minutes'"
        await session.execute(text(age))

    assert refusal(await confirm(alice, phone.code())) == (404, "not_found")
    again = Phone((await begin(alice)).json()["secret"], hands)
    assert (await confirm(alice, again.code())).status_code == 200


async def test_what_is_on_is_neither_begun_nor_confirmed_again(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    assert refusal(await begin(alice)) == (401, "second_factor_required")
    assert refusal(await begin(alice, otp_attempt=phone.code())) == (409, "second_factor_enabled")
    assert refusal(await confirm(alice, phone.code())) == (409, "second_factor_enabled")
    assert (await sign_in(house, "alice@example.com", otp_attempt=phone.code())).status_code == 200


async def test_it_ends_the_logins_that_were_made_without_it(house: House, hands: Hands) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    elsewhere = session_cookie(await sign_in(house, "alice@example.com")).value
    token = await alice.client.post(
        "/users/tokens", json={"name": "Bot", "current_password": PASSWORD}
    )
    bearer = {"Authorization": f"Bearer {token.json()['token']}"}
    assert (await house.client().get("/users/me", headers=bearer)).status_code == 200

    await enrol(alice, hands)

    assert (await who_is(house, elsewhere)).status_code == 401
    assert (await house.client().get("/users/me", headers=bearer)).status_code == 401
    assert (await alice.client.get("/users/me")).status_code == 200
    assert (await bob.client.get("/users/me")).status_code == 200


async def test_nobody_slips_in_while_it_is_turned_on(live_house: House, hands: Hands) -> None:
    """Whose password was found right a moment before is out a moment later."""
    alice = await live_house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    async with live_house.session() as session:
        await session.execute(select(User).where(User.id == alice.id).with_for_update())
        confirming = asyncio.create_task(confirm(alice, phone.code()))
        await until_somebody_waits(live_house)
        entrance = await live_house.state["front_desk"].admit(session, alice.user, NOWHERE)

    assert (await confirming).status_code == 200
    assert (await who_is(live_house, entrance.credential)).status_code == 401
    assert (await alice.client.get("/users/me")).status_code == 200


async def test_a_login_that_ends_meanwhile_turns_nothing_on(
    live_house: House, hands: Hands
) -> None:
    """The owner threw somebody out who is about to enrol a phone of their own."""
    alice = await live_house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    async with live_house.session() as session:
        owner = (
            await session.execute(select(User).where(User.id == alice.id).with_for_update())
        ).scalar_one()
        confirming = asyncio.create_task(confirm(alice, phone.code()))
        await until_somebody_waits(live_house)
        owner.encrypted_password = "another"
        await end_other_logins(session, alice.id)

    assert refusal(await confirming) == (401, "unauthenticated")
    async with live_house.session() as session:
        enabled = await session.execute(text("SELECT enabled_at FROM second_factors"))
        assert enabled.scalar_one() is None


async def until_somebody_waits(house: House) -> None:
    """For a lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while True:
        async with house.session() as session:
            if (await session.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.01)


async def test_confirming_twice_at_once_gives_codes_once(live_house: House, hands: Hands) -> None:
    alice = await live_house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)

    answers = await asyncio.gather(*(confirm(alice, phone.code()) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert (await alice.client.get(PATH)).json() == ON


@pytest.mark.parametrize("email", ["👩" * 240 + "@a.example", "a?b&secret=c#d/e:f@a.example"])
async def test_every_address_can_be_drawn(house: House, email: str) -> None:
    alice = await house.person("alice", email=email)

    enrolment = await begin(alice)

    assert enrolment.status_code == 201
    query = parse_qs(urlsplit(enrolment.json()["otpauth_url"]).query)
    assert query["secret"] == [enrolment.json()["secret"]]


async def test_who_has_not_confirmed_their_address_can_enrol(house: House) -> None:
    fields = {"email": None, "unconfirmed_email": "alice@example.com"}
    alice = await house.person("alice", **fields)

    enrolment = await begin(alice)

    assert enrolment.status_code == 201
    assert unquote(urlsplit(enrolment.json()["otpauth_url"]).path) == "/ChatFlow:alice@example.com"


async def test_a_read_only_token_changes_nothing(house: House) -> None:
    alice = await house.person("alice")
    made = await alice.client.post(
        "/users/tokens", json={"name": "Reader", "scope": "read", "current_password": PASSWORD}
    )
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}

    seen = await house.client().get(PATH, headers=bearer)
    begun = await house.client().post(PATH, json={"current_password": PASSWORD}, headers=bearer)

    assert seen.json() == OFF
    assert refusal(begun) == (403, "read_only")
