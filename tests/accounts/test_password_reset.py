"""A lost password: POST, GET and PUT /users/password"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.actions import forget_expired
from app.auth.access import NOWHERE
from app.auth.actions import TokenWish
from app.kit.pruning import prune
from app.kit.settings import Settings
from app.models import Login, MailedToken, Scope, User
from tests.accounts.links import (
    NEW_PASSWORD,
    RESET_SUBJECT,
    ask_for_password,
    change,
    is_good,
    let_expire,
    reset,
    reset_token,
    token_in,
)
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.counting import count_queries
from tests.factories import House
from tests.houses import house_with
from tests.jobs import run_jobs
from tests.mailbox import Mailbox

BAD_TOKEN = (422, "reset_password_token_invalid")


async def test_a_lost_password_is_replaced_by_the_link_that_was_mailed(
    house: House, mailbox: Mailbox
) -> None:
    alice = await house.person("alice")

    token = await reset_token(house, mailbox, "Alice@Example.com ")
    answer = await reset(house, token, password_confirmation=NEW_PASSWORD)

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == alice.id
    me = await who_is(house, session_cookie(answer).value)
    assert me.json()["email"] == "alice@example.com"
    assert (await sign_in(house, "alice@example.com", NEW_PASSWORD)).status_code == 200
    assert refusal(await sign_in(house, "alice@example.com")) == (401, "invalid_credentials")


async def test_the_mail_says_what_to_do(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")

    token = await reset_token(house, mailbox, "alice@example.com")

    letter = mailbox.only("alice@example.com")
    assert letter.subject == RESET_SUBJECT
    assert letter.link == f"http://localhost:3000/users/password/edit?reset_password_token={token}"
    assert "within 6 hours" in letter.text
    assert "If it was not you" in letter.text


async def test_the_link_is_of_the_public_url_whatever_the_request_says(
    settings: Settings, engine: AsyncEngine, mailbox: Mailbox
) -> None:
    async with house_with(settings, engine, public_url="https://chat.example.com") as house:
        await house.person("alice")
        hostile = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

        await ask_for_password(house, "alice@example.com", **hostile, Forwarded="host=evil.example")
        await run_jobs(house)

    letter = mailbox.only("alice@example.com")
    assert letter.link.startswith("https://chat.example.com/users/password/edit?")
    assert "evil" not in letter.text


async def test_a_reset_ends_every_login_and_token(house: House, mailbox: Mailbox) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    async with house.session() as session:
        wish = TokenWish("script", Scope.WRITE, None)
        given = await house.state["front_desk"].give_token(session, alice.user, NOWHERE, wish)
    script = {"Authorization": f"Bearer {given.credential}"}
    assert (await house.client().get("/users/me", headers=script)).status_code == 200

    await reset(house, await reset_token(house, mailbox, "alice@example.com"))

    assert refusal(await alice.client.get("/users/me")) == (401, "unauthenticated")
    ended = await house.client().get("/users/me", headers=script)
    assert refusal(ended) == (401, "unauthenticated")
    assert (await bob.client.get("/users/me")).status_code == 200
    async with house.session() as session:
        theirs = select(func.count()).select_from(Login).where(Login.user_id == alice.id)
        assert await session.scalar(theirs) == 1, "the one that the reset gave"


async def test_a_link_works_once(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    assert await is_good(house, token)
    assert (await reset(house, token)).status_code == 200

    again = await reset(house, token, "yet another secret")

    assert refusal(again) == BAD_TOKEN
    assert again.json()["errors"] == ["Reset password token is invalid"]
    assert "set-cookie" not in again.headers
    assert not await is_good(house, token)
    assert (await sign_in(house, "alice@example.com", NEW_PASSWORD)).status_code == 200


async def test_looking_whether_it_is_good_does_not_use_it_up(
    house: House, mailbox: Mailbox
) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")

    assert [await is_good(house, token) for _ in range(3)] == [True] * 3

    assert (await reset(house, token)).status_code == 200


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"password": "short"}, "password_too_short"),
    ({"password": ""}, "password_blank"),
    ({"password": "x" * 129}, "password_too_long"),
    ({"password_confirmation": "another"}, "password_confirmation_confirmation"),
]


@pytest.mark.parametrize(("fields", "code"), UNFIT)
async def test_a_password_that_does_not_do_does_not_use_it_up(
    house: House, mailbox: Mailbox, fields: dict[str, Any], code: str
) -> None:
    alice = await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")

    assert refusal(await reset(house, token, **fields)) == (422, code)

    assert (await alice.client.get("/users/me")).status_code == 200, "nothing has happened"
    assert (await reset(house, token)).status_code == 200


async def test_a_link_expires(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    async with house.session() as session:
        lasts = await session.scalar(select(MailedToken.expires_at - func.now()))
    assert lasts.total_seconds() == 6 * 3_600

    await let_expire(house)

    assert not await is_good(house, token)
    assert refusal(await reset(house, token)) == BAD_TOKEN
    assert (await sign_in(house, "alice@example.com")).status_code == 200


async def test_a_newer_link_replaces_the_older(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    older = await reset_token(house, mailbox, "alice@example.com")
    newer = await reset_token(house, mailbox, "alice@example.com")

    assert refusal(await reset(house, older)) == BAD_TOKEN
    assert (await reset(house, newer)).status_code == 200


async def test_a_change_of_password_kills_the_link(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    assert await is_good(house, token)

    assert (await change(alice, password=NEW_PASSWORD)).status_code == 200

    assert refusal(await reset(house, token, "yet another secret")) == BAD_TOKEN


async def test_a_link_in_the_old_mailbox_dies_with_the_address(
    house: House, mailbox: Mailbox
) -> None:
    alice = await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    assert await is_good(house, token)

    assert (await change(alice, email="alice@new.example")).status_code == 200
    assert refusal(await reset(house, token)) == BAD_TOKEN

    assert (await change(alice, email="alice@example.com")).status_code == 200
    assert refusal(await reset(house, token)) == BAD_TOKEN, "whatever comes back"


async def test_a_link_to_an_address_that_is_not_theirs_any_more_is_dead(
    house: House, mailbox: Mailbox
) -> None:
    """However it came to be there: a job may have made it while the address changed."""
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    async with house.session() as session:
        await session.execute(text("UPDATE users SET email = 'alice@new.example'"))

    assert refusal(await reset(house, token)) == BAD_TOKEN


async def test_a_link_of_another_purpose_sets_no_password(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")
    for purpose in ("confirmation", "unlock"):
        async with house.session() as session:
            await session.execute(text("UPDATE mailed_tokens SET purpose = :p"), {"p": purpose})
        assert not await is_good(house, token)
        assert refusal(await reset(house, token)) == BAD_TOKEN
    async with house.session() as session:
        await session.execute(text("UPDATE mailed_tokens SET purpose = 'password'"))

    assert (await reset(house, token)).status_code == 200


HOSTILE = ["", " ", "x", "x" * 1_000, "' OR 1=1 --", "%", "null", "\u202e", "0" * 43, "-" * 43]


@pytest.mark.parametrize("token", HOSTILE)
async def test_anything_else_is_no_link(house: House, mailbox: Mailbox, token: str) -> None:
    await house.person("alice")
    good = await reset_token(house, mailbox, "alice@example.com")

    assert refusal(await reset(house, token)) == BAD_TOKEN
    assert not await is_good(house, token)

    nearly = [good[:-1], good + "x", good + " ", good.swapcase(), good[::-1]]
    for one in nearly:
        assert refusal(await reset(house, one)) == BAD_TOKEN
    assert (await reset(house, good)).status_code == 200


async def test_only_a_digest_is_stored(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, "alice@example.com")

    async with house.session() as session:
        stored = str((await session.execute(text("SELECT * FROM mailed_tokens"))).one())
        digest = await session.scalar(select(MailedToken.digest))

    assert len(token) == 43
    assert token not in stored
    assert refusal(await reset(house, digest.hex())) == BAD_TOKEN


async def test_a_reset_confirms_the_address(confirming_house: House, mailbox: Mailbox) -> None:
    alice = await confirming_house.person("alice")
    async with confirming_house.session() as session:
        assert await session.scalar(select(User.confirmed_at)) is None

    token = await reset_token(confirming_house, mailbox, "alice@example.com")
    assert (await reset(confirming_house, token)).json()["user"]["id"] == alice.id

    async with confirming_house.session() as session:
        assert await session.scalar(select(User.confirmed_at)) is not None


# Who has an account?


async def test_the_answer_is_the_same_for_everybody(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    answers, costs = [], []
    for email in ("alice@example.com", "nobody@example.com", "no address", "", "x" * 1_000):
        async with count_queries(house) as queries:
            answer = await ask_for_password(house, email)
        answers.append((answer.status_code, answer.text, sorted(answer.headers)))
        costs.append(queries)
    await run_jobs(house)

    assert answers[0][0] == 202
    assert all(answer == answers[0] for answer in answers)
    assert all(cost == costs[0] for cost in costs)
    assert [letter.to for letter in mailbox.letters] == ["alice@example.com"]


async def test_it_is_mailed_to_the_address_as_it_is_stored(house: House, mailbox: Mailbox) -> None:
    """Two letters may be one in capitals, and are two addresses all the same."""
    await house.person("ivy", email="ivy@example.com")

    for email in ("ıvy@example.com", "IVY@EXAMPLE.COM"):
        await ask_for_password(house, email)
        await run_jobs(house)

    assert [letter.to for letter in mailbox.letters] == ["ivy@example.com"]


async def test_a_signed_in_person_may_ask_too(house: House, mailbox: Mailbox) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    answer = await alice.client.post("/users/password", json={"user": {"email": "bob@example.com"}})
    await run_jobs(house)
    token = token_in(mailbox.only("bob@example.com"))
    user = {"reset_password_token": token, "password": NEW_PASSWORD}
    done = await alice.client.put("/users/password", json={"user": user})

    assert answer.status_code == 202
    assert done.json()["user"]["id"] == bob.id, "the link decides, and not the cookie"


async def test_another_site_cannot_sign_somebody_in_by_a_link_of_its_own(
    house: House, mailbox: Mailbox
) -> None:
    await house.person("mallory")
    token = await reset_token(house, mailbox, "mallory@example.com")
    body = {"user": {"reset_password_token": token, "password": NEW_PASSWORD}}

    foreign = await house.client().put(
        "/users/password", json=body, headers={"Origin": "https://evil.example"}
    )

    assert refusal(foreign) == (403, "cross_site")
    assert "set-cookie" not in foreign.headers
    assert (await house.client().put("/users/password", json=body)).status_code == 200


async def test_of_twenty_at_once_one_uses_the_link(live_house: House, mailbox: Mailbox) -> None:
    await live_house.person("alice")
    token = await reset_token(live_house, mailbox, "alice@example.com")
    passwords = [f"new secret number {number}" for number in range(20)]

    answers = await asyncio.gather(*(reset(live_house, token, one) for one in passwords))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 422: 19}
    refused = [answer for answer in answers if answer.status_code == 422]
    assert {refusal(answer) for answer in refused} == {BAD_TOKEN}
    winner = passwords[[answer.status_code for answer in answers].index(200)]
    assert (await sign_in(live_house, "alice@example.com", winner)).status_code == 200


async def test_links_that_nobody_followed_are_forgotten(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    await house.person("bob")
    await reset_token(house, mailbox, "alice@example.com")
    await let_expire(house)
    good = await reset_token(house, mailbox, "bob@example.com")

    await prune(house.database, forget_expired)

    assert await is_good(house, good)
    async with house.session() as session:
        assert await session.scalar(select(func.count()).select_from(MailedToken)) == 1
