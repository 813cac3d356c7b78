"""Who has a second factor is asked for it before their account is taken from them."""

import pytest

from tests.accounts.links import (
    NEW_PASSWORD,
    change,
    is_good,
    reset,
    reset_token,
    subjects,
)
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in
from tests.factories import PASSWORD, House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox
from tests.second_factor.phone import Hands, activity, enrol

ALICE = "alice@example.com"
REQUIRED, WRONG = (401, "second_factor_required"), (401, "invalid_second_factor")


async def test_a_stolen_mailbox_is_not_enough_for_a_reset(
    house: House, mailbox: Mailbox, hands: Hands
) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)
    token = await reset_token(house, mailbox, ALICE)

    without = await reset(house, token)
    wrong = await reset(house, token, otp_attempt=phone.wrong_code())

    assert refusal(without) == REQUIRED
    assert refusal(wrong) == WRONG
    assert "set-cookie" not in wrong.headers
    assert (await activity(house, alice)).count("second_factor_failed") == 1
    assert (await alice.client.get("/users/me")).status_code == 200, "nothing has happened"
    assert await is_good(house, token), "a slip of the finger does not use it up"

    right = await reset(house, token, otp_attempt=phone.code())

    assert session_cookie(right).value
    signed_in = await sign_in(house, ALICE, NEW_PASSWORD, otp_attempt=phone.next_code())
    assert signed_in.status_code == 200


async def test_a_recovery_code_resets_too(house: House, mailbox: Mailbox, hands: Hands) -> None:
    alice = await house.person("alice")
    _, codes = await enrol(alice, hands)
    token = await reset_token(house, mailbox, ALICE)
    mailbox.clear()

    assert (await reset(house, token, otp_attempt=codes[0])).status_code == 200
    await run_jobs(house)

    told = "A recovery code of your ChatFlow account was used"
    assert told in subjects(mailbox, ALICE)
    again = await reset_token(house, mailbox, ALICE)
    assert refusal(await reset(house, again, otp_attempt=codes[0])) == WRONG


@pytest.mark.parametrize("wish", [{"password": NEW_PASSWORD}, {"email": "alice@new.example"}])
async def test_the_password_alone_changes_nothing(
    house: House, hands: Hands, wish: dict[str, str]
) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    assert refusal(await change(alice, **wish)) == REQUIRED
    assert refusal(await change(alice, **wish, otp_attempt=phone.wrong_code())) == WRONG
    assert (await alice.client.get("/users/me")).json()["email"] == ALICE
    as_before = await sign_in(house, ALICE, otp_attempt=phone.code())
    assert as_before.status_code == 200

    assert (await change(alice, **wish, otp_attempt=phone.next_code())).status_code == 200


async def test_the_password_alone_closes_nothing(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)

    async def close(**proof: str) -> tuple[int, str]:
        body = {"user": {"current_password": PASSWORD} | proof}
        answer = await alice.client.request("DELETE", "/users", json=body)
        return refusal(answer) if answer.status_code >= 400 else (answer.status_code, "")

    assert await close() == REQUIRED
    assert await close(otp_attempt=phone.wrong_code()) == WRONG
    assert (await alice.client.get("/users/me")).status_code == 200
    assert await close(otp_attempt=phone.code()) == (204, "")
