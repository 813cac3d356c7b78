"""Guessing somebody's password: from one address, from many, and at once."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.accounts.links import NEW_PASSWORD, reset_token, token_in
from tests.answers import refusal
from tests.factories import PASSWORD, House
from tests.houses import house_with
from tests.jobs import run_jobs
from tests.mailbox import Mailbox

RATES = {"rate_limits": True, "sign_in_account_rate": "3/hour", "sign_in_address_rate": "9/minute"}
LOCKED = (429, "account_locked")


@pytest.fixture
async def strict_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    prefix = f"test-{uuid4().hex}:"
    async with house_with(settings, engine, **RATES, redis_prefix=prefix) as house:
        yield house


async def try_from(
    house: House, address: str, password: str = "a guess", email: str = "alice@example.com"
) -> httpx.Response:
    user = {"email": email, "password": password}
    return await house.client(address).post("/users/sign_in", json={"user": user})


async def guess_from_many(house: House, email: str = "alice@example.com") -> httpx.Response:
    """Until the account is locked. Answers the guess that was refused."""
    for number in range(4):
        answer = await try_from(house, f"203.0.113.{number}", email=email)
        if answer.status_code == 429:
            break
        assert refusal(answer) == (401, "invalid_credentials")
    return answer


async def jobs_of(house: House) -> list[str]:
    async with house.session() as session:
        return list((await session.execute(text("SELECT entrypoint FROM pgqueuer"))).scalars())


async def test_guesses_from_many_addresses_lock_the_account(strict_house: House) -> None:
    await strict_house.person("alice")

    refused = await guess_from_many(strict_house)

    assert refusal(refused) == LOCKED
    assert int(refused.headers["retry-after"]) > 3_000
    right = await try_from(strict_house, "203.0.113.100", PASSWORD)
    assert refusal(right) == LOCKED, "or the guesser would learn that it was right"


async def test_other_accounts_are_open(strict_house: House) -> None:
    await strict_house.person("alice")
    await strict_house.person("bob")
    await guess_from_many(strict_house)

    answer = await try_from(strict_house, "203.0.113.1", PASSWORD, "bob@example.com")

    assert answer.status_code == 200


async def test_the_owner_comes_in_from_where_they_came_in_before(strict_house: House) -> None:
    await strict_house.person("alice")
    assert (await try_from(strict_house, "198.51.100.7", PASSWORD)).status_code == 200
    await guess_from_many(strict_house)

    assert (await try_from(strict_house, "198.51.100.7", PASSWORD)).status_code == 200
    assert refusal(await try_from(strict_house, "198.51.100.8", PASSWORD)) == LOCKED


async def test_a_failed_guess_makes_no_address_theirs(strict_house: House) -> None:
    await strict_house.person("alice")
    await guess_from_many(strict_house)

    assert refusal(await try_from(strict_house, "203.0.113.0", PASSWORD)) == LOCKED


async def test_somebody_elses_address_is_not_theirs(strict_house: House) -> None:
    await strict_house.person("alice")
    await strict_house.person("mallory")
    signed_in = await try_from(strict_house, "203.0.113.50", PASSWORD, "mallory@example.com")
    assert signed_in.status_code == 200
    await guess_from_many(strict_house)

    assert refusal(await try_from(strict_house, "203.0.113.50", PASSWORD)) == LOCKED


async def test_where_there_is_no_account_it_is_locked_alike(strict_house: House) -> None:
    await strict_house.person("alice")

    there = await guess_from_many(strict_house)
    nowhere = await guess_from_many(strict_house, "nobody@example.com")

    assert refusal(nowhere) == refusal(there) == LOCKED
    assert there.json()["error"] == nowhere.json()["error"]
    assert await jobs_of(strict_house) == ["accounts.mail_unlock_link"] * 2


async def test_one_link_is_mailed_however_many_guesses_follow(strict_house: House) -> None:
    await strict_house.person("alice")
    await guess_from_many(strict_house)

    for number in range(5):
        await try_from(strict_house, f"203.0.113.{200 + number}")

    assert await jobs_of(strict_house) == ["accounts.mail_unlock_link"]


async def test_the_link_lets_its_reader_in_and_nobody_else(
    strict_house: House, mailbox: Mailbox
) -> None:
    await strict_house.person("alice")
    await guess_from_many(strict_house)
    await run_jobs(strict_house)
    token = token_in(mailbox.only("alice@example.com"))

    assert (await follow(strict_house, token, "198.51.100.9")).status_code == 200

    assert (await try_from(strict_house, "198.51.100.9", PASSWORD)).status_code == 200
    assert refusal(await guess_from_many(strict_house)) == LOCKED, "strangers are counted anew"
    assert (await try_from(strict_house, "198.51.100.9", PASSWORD)).status_code == 200
    again = await follow(strict_house, token, "203.0.113.7")
    assert refusal(again) == (422, "unlock_token_invalid"), "or a stolen mail would be a key"


async def test_a_new_password_lets_its_owner_in_too(strict_house: House, mailbox: Mailbox) -> None:
    await strict_house.person("alice")
    await guess_from_many(strict_house)
    await run_jobs(strict_house)
    mailed = await reset_token(strict_house, mailbox, "alice@example.com")

    user = {"reset_password_token": mailed, "password": NEW_PASSWORD}
    answer = await strict_house.client("198.51.100.9").put("/users/password", json={"user": user})

    assert answer.status_code == 200
    assert (await try_from(strict_house, "198.51.100.9", NEW_PASSWORD)).status_code == 200


async def test_a_link_can_be_asked_for_and_nobody_learns_whose(
    strict_house: House, mailbox: Mailbox
) -> None:
    await strict_house.person("alice")

    answers = [
        await strict_house.client().post("/users/unlock", json={"user": {"email": email}})
        for email in ("alice@example.com", "nobody@example.com")
    ]
    await run_jobs(strict_house)

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert [letter.to for letter in mailbox.letters] == ["alice@example.com"]


async def follow(house: House, token: str, address: str) -> httpx.Response:
    return await house.client(address).get("/users/unlock", params={"unlock_token": token})


async def test_one_address_guesses_at_a_few_accounts_only(strict_house: House) -> None:
    for number in range(9):
        answer = await try_from(strict_house, "203.0.113.1", email=f"{number}@example.com")
        assert refusal(answer) == (401, "invalid_credentials")

    assert refusal(await try_from(strict_house, "203.0.113.1", email="x@example.com")) == (
        429,
        "too_many",
    )
    other = await try_from(strict_house, "203.0.113.2", email="x@example.com")
    assert refusal(other) == (401, "invalid_credentials")
