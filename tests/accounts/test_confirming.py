"""Where addresses have to be confirmed: POST /users, GET and POST /users/confirmation"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text

from app.accounts.actions import forget_unconfirmed
from app.kit.pruning import prune
from app.models import User
from tests.accounts.links import (
    CONFIRM_SUBJECT,
    NEW_PASSWORD,
    WANTED_SUBJECT,
    ask_for_confirmation,
    confirm,
    let_expire,
    reset,
    reset_token,
    token_in,
)
from tests.answers import refusal
from tests.auth.signing import sign_in, sign_up
from tests.counting import count_queries
from tests.factories import House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox

CAROL, SECRET = "carol@example.com", "a long secret"
BAD_TOKEN = (422, "confirmation_token_invalid")
UNCONFIRMED, WRONG = (401, "unconfirmed"), (401, "invalid_credentials")


async def confirmation_token(house: House, mailbox: Mailbox, email: str = CAROL) -> str:
    await run_jobs(house)
    return token_in(mailbox.to(email)[-1])


async def test_a_new_account_waits_for_its_address(
    confirming_house: House, mailbox: Mailbox
) -> None:
    answer = await sign_up(confirming_house, username="carol")

    assert answer.status_code == 202
    assert set(answer.json()) == {"status", "message"}
    assert "set-cookie" not in answer.headers
    refused = await sign_in(confirming_house, CAROL, SECRET)
    assert refusal(refused) == UNCONFIRMED
    assert refused.json()["error"] == ("You have to confirm your email address before continuing.")
    assert "set-cookie" not in refused.headers


async def test_the_link_in_the_mail_confirms_it(confirming_house: House, mailbox: Mailbox) -> None:
    await sign_up(confirming_house, username="carol")
    token = await confirmation_token(confirming_house, mailbox)
    letter = mailbox.only(CAROL)
    assert letter.subject == CONFIRM_SUBJECT
    assert letter.link == (f"http://localhost:3000/users/confirmation?confirmation_token={token}")

    answer = await confirm(confirming_house, token)

    assert answer.status_code == 200
    assert answer.json()["status"] == "success"
    assert answer.json()["user"]["email"] == CAROL
    assert answer.json()["unconfirmed_email"] is None
    assert "set-cookie" not in answer.headers, "it proves the address, and not who reads it"
    assert (await sign_in(confirming_house, CAROL, SECRET)).status_code == 200


async def test_the_wrong_password_learns_nothing(confirming_house: House) -> None:
    await sign_up(confirming_house)

    assert refusal(await sign_in(confirming_house, CAROL, "wrong")) == WRONG
    assert refusal(await sign_in(confirming_house, CAROL, SECRET)) == UNCONFIRMED


async def test_by_a_jwt_neither(confirming_house: House) -> None:
    await sign_up(confirming_house)
    who = {"user": {"email": CAROL, "password": SECRET}}

    assert refusal(await confirming_house.client().post("/auth/login", json=who)) == UNCONFIRMED


async def test_accounts_from_before_sign_in(confirming_house: House) -> None:
    await confirming_house.person("alice")

    assert (await sign_in(confirming_house, "alice@example.com")).status_code == 200


async def test_where_it_is_off_nobody_waits(house: House, mailbox: Mailbox) -> None:
    assert (await sign_up(house)).status_code == 201
    await run_jobs(house)

    assert mailbox.letters == []


async def test_a_link_confirms_once(confirming_house: House, mailbox: Mailbox) -> None:
    await sign_up(confirming_house)
    token = await confirmation_token(confirming_house, mailbox)
    assert (await confirm(confirming_house, token)).status_code == 200

    assert refusal(await confirm(confirming_house, token)) == BAD_TOKEN


async def test_a_link_expires(confirming_house: House, mailbox: Mailbox) -> None:
    await sign_up(confirming_house)
    token = await confirmation_token(confirming_house, mailbox)

    await let_expire(confirming_house)

    assert refusal(await confirm(confirming_house, token)) == BAD_TOKEN
    assert refusal(await sign_in(confirming_house, CAROL, SECRET)) == UNCONFIRMED


@pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "' OR 1=1 --", "\u202e", "0" * 43])
async def test_anything_else_confirms_nothing(
    confirming_house: House, mailbox: Mailbox, token: str
) -> None:
    await sign_up(confirming_house)
    good = await confirmation_token(confirming_house, mailbox)

    assert refusal(await confirm(confirming_house, token)) == BAD_TOKEN
    assert (await confirm(confirming_house, good)).status_code == 200


async def test_a_link_to_a_new_password_confirms_nothing_here(
    confirming_house: House, mailbox: Mailbox
) -> None:
    await confirming_house.person("alice")
    token = await reset_token(confirming_house, mailbox, "alice@example.com")

    assert refusal(await confirm(confirming_house, token)) == BAD_TOKEN
    assert (await reset(confirming_house, token)).status_code == 200


async def test_the_link_is_mailed_again(confirming_house: House, mailbox: Mailbox) -> None:
    await sign_up(confirming_house)
    first = await confirmation_token(confirming_house, mailbox)

    assert (await ask_for_confirmation(confirming_house, "CAROL@example.com")).status_code == 202
    second = await confirmation_token(confirming_house, mailbox)

    assert refusal(await confirm(confirming_house, first)) == BAD_TOKEN
    assert (await confirm(confirming_house, second)).status_code == 200


async def test_whoever_lost_their_password_meanwhile_is_confirmed_by_resetting_it(
    confirming_house: House, mailbox: Mailbox
) -> None:
    await sign_up(confirming_house)
    await run_jobs(confirming_house)

    answer = await reset(confirming_house, await reset_token(confirming_house, mailbox, CAROL))

    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == CAROL
    assert (await sign_in(confirming_house, CAROL, NEW_PASSWORD)).status_code == 200


# Who has an account?


async def visible(house: House, email: str) -> list[Any]:
    """Whatever can be seen from outside by whoever signs up with somebody's address."""
    async with count_queries(house) as queries:
        answers = [
            await sign_up(house, email=email, username="mallory1"),
            await ask_for_confirmation(house, email),
        ]
    answers += [
        await sign_in(house, email, SECRET),
        await sign_in(house, email, "wrong"),
        await sign_up(house, email="other@example.com", username="mallory1"),
        await sign_up(house, email=email, password="short"),
    ]
    bodies = [(a.status_code, {**a.json(), "request_id": ""}, sorted(a.headers)) for a in answers]
    return [bodies, queries]


async def test_signing_up_does_not_tell_who_has_an_account(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")
    there = await visible(confirming_house, "alice@example.com")
    async with confirming_house.session() as session:
        await session.execute(text("DELETE FROM users WHERE email IS NULL"))
    nowhere = await visible(confirming_house, "nobody@example.com")

    assert there == nowhere
    assert [status for status, _, _ in there[0]] == [202, 202, 401, 401, 422, 422]
    assert (await alice.client.get("/users/me")).status_code == 200


async def test_whose_address_it_is_already_hears_of_it(
    confirming_house: House, mailbox: Mailbox
) -> None:
    await confirming_house.person("alice")

    await sign_up(confirming_house, email="ALICE@example.com", name="Buy at evil.example")
    await run_jobs(confirming_house)

    letter = mailbox.only("alice@example.com")
    assert letter.subject == WANTED_SUBJECT
    assert letter.link == "http://localhost:3000"
    assert "evil" not in letter.text, "nobody makes us send their words"
    assert (await sign_in(confirming_house, "alice@example.com")).status_code == 200


async def test_the_first_who_confirms_has_the_address(
    confirming_house: House, mailbox: Mailbox
) -> None:
    await sign_up(confirming_house)
    first = await confirmation_token(confirming_house, mailbox)
    await sign_up(confirming_house, password=NEW_PASSWORD)
    second = await confirmation_token(confirming_house, mailbox)

    assert (await confirm(confirming_house, second)).status_code == 200
    late = await confirm(confirming_house, first)

    assert refusal(late) == (422, "email_taken")
    assert (await sign_in(confirming_house, CAROL, NEW_PASSWORD)).status_code == 200


async def test_asking_again_is_answered_alike_and_mails_only_who_waits(
    confirming_house: House, mailbox: Mailbox
) -> None:
    await confirming_house.person("alice")
    await sign_up(confirming_house)
    await run_jobs(confirming_house)
    mailbox.clear()

    answers = [
        (await ask_for_confirmation(confirming_house, email))
        for email in ("alice@example.com", CAROL, "nobody@example.com", "no address")
    ]
    await run_jobs(confirming_house)

    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert [letter.to for letter in mailbox.letters] == [CAROL]


async def test_an_address_that_cannot_be_mailed_is_given_up_at_once(
    confirming_house: House, mailbox: Mailbox
) -> None:
    assert (await sign_up(confirming_house, email='c"d@example.com')).status_code == 202

    await run_jobs(confirming_house, may_fail=True)

    assert mailbox.letters == []
    async with confirming_house.session() as session:
        states = (await session.execute(text("SELECT status::text FROM pgqueuer"))).scalars()
        assert list(states) == ["failed"]


# Until then.


async def test_nobody_finds_them_or_writes_to_them(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")
    await sign_up(confirming_house, username="carol")
    async with confirming_house.session() as session:
        carol_id = await session.scalar(select(User.id).where(User.username == "carol"))

    async def attempts() -> tuple[list[Any], int]:
        found = await alice.client.get("/users", params={"query": "carol"})
        asked = await alice.client.post("/conversations", json={"participant_ids": [carol_id]})
        return found.json(), asked.status_code

    assert await attempts() == ([], 422)
    await confirm(confirming_house, await confirmation_token(confirming_house, mailbox))
    found, status = await attempts()
    assert ([one["id"] for one in found], status) == ([carol_id], 201)


async def test_who_never_confirms_is_forgotten(confirming_house: House, mailbox: Mailbox) -> None:
    alice = await confirming_house.person("alice")
    await sign_up(confirming_house, username="carol")
    token = await confirmation_token(confirming_house, mailbox)

    async with confirming_house.session() as session:
        await session.execute(text("UPDATE users SET created_at = now() - interval '6 days'"))
    await prune(confirming_house.database, partial(forget_unconfirmed, days=7))
    assert refusal(await sign_up(confirming_house, username="carol")) == (422, "username_taken")

    async with confirming_house.session() as session:
        await session.execute(text("UPDATE users SET created_at = now() - interval '8 days'"))
    await prune(confirming_house.database, partial(forget_unconfirmed, days=7))
    assert refusal(await confirm(confirming_house, token)) == BAD_TOKEN
    assert (await sign_up(confirming_house, username="carol")).status_code == 202
    assert (await alice.client.get("/users/me")).status_code == 200
