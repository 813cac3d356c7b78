"""How often anybody may have mails written."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.accounts.links import NEW_PASSWORD, change, reset, reset_token
from tests.answers import refusal
from tests.auth.signing import sign_up
from tests.factories import House
from tests.houses import house_with
from tests.mailbox import Mailbox

RATES = {
    "rate_limits": True,
    "mail_rate_account": "2/hour",
    "mail_rate_address": "5/hour",
    "proof_rate": "4/hour",
}
TOO_MANY = (429, "too_many")


@pytest.fixture
async def strict_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    prefix = f"test-{uuid4().hex}:"
    async with house_with(
        settings, engine, **RATES, confirmation_required=True, redis_prefix=prefix
    ) as house:
        yield house


async def ask(house: House, path: str, email: str, address: str = "203.0.113.1") -> tuple[int, str]:
    answer = await house.client(address).post(path, json={"user": {"email": email}})
    return refusal(answer) if answer.status_code >= 400 else (answer.status_code, "")


@pytest.mark.parametrize("path", ["/users/password", "/users/confirmation"])
async def test_one_account_gets_a_few_mails(strict_house: House, path: str) -> None:
    """And so does one that does not exist: the limit tells nothing."""
    await strict_house.person("alice")
    for name in ("alice", "nobody"):
        spellings = [f"{name}@example.com", f" {name.upper()}@Example.com"]
        answers = [await ask(strict_house, path, email) for email in spellings]
        assert answers == [(202, "")] * 2

        over = await ask(strict_house, path, f"{name}@example.com", "203.0.113.2")

        assert over == TOO_MANY
    async with strict_house.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 4


async def test_one_kind_of_mail_does_not_use_up_another(strict_house: House) -> None:
    for _ in range(3):
        last = await ask(strict_house, "/users/confirmation", "alice@example.com")
    assert last == TOO_MANY

    assert await ask(strict_house, "/users/password", "alice@example.com") == (202, "")


@pytest.mark.parametrize("path", ["/users/password", "/users/confirmation"])
async def test_one_address_asks_for_a_few_accounts(strict_house: House, path: str) -> None:
    for number in range(5):
        assert await ask(strict_house, path, f"{number}@example.com") == (202, "")

    assert await ask(strict_house, path, "x@example.com") == TOO_MANY
    assert await ask(strict_house, path, "x@example.com", "203.0.113.2") == (202, "")


async def test_signing_up_mails_no_more(strict_house: House) -> None:
    for _ in range(2):
        assert (await sign_up(strict_house)).status_code == 202

    assert refusal(await sign_up(strict_house)) == TOO_MANY
    assert (await sign_up(strict_house, email="other@example.com")).status_code == 202


async def test_nor_does_a_change_of_address(strict_house: House) -> None:
    alice = await strict_house.person("alice")
    for _ in range(2):
        assert (await change(alice, email="victim@example.com")).status_code == 200

    assert refusal(await change(alice, email="victim@example.com")) == TOO_MANY
    assert (await change(alice, email="alice@example.com")).status_code == 200


async def test_one_account_tries_a_few_new_passwords(strict_house: House) -> None:
    """Before the old one is looked at: to judge them keeps a CPU busy."""
    alice, bob = await strict_house.person("alice"), await strict_house.person("bob")
    for _ in range(4):
        easy = await change(alice, password="12345678", current_password="a guess")
        assert refusal(easy) == (422, "password_too_easy")

    assert refusal(await change(alice, password=NEW_PASSWORD)) == TOO_MANY
    assert (await change(bob, password=NEW_PASSWORD)).status_code == 200


async def test_a_link_tries_a_few_new_passwords(strict_house: House, mailbox: Mailbox) -> None:
    for name in ("alice", "bob"):
        await strict_house.person(name)
    alices, bobs = [
        await reset_token(strict_house, mailbox, f"{name}@example.com") for name in ("alice", "bob")
    ]
    for _ in range(4):
        easy = await reset(strict_house, alices, "12345678")
        assert refusal(easy) == (422, "password_too_easy")

    assert refusal(await reset(strict_house, alices)) == TOO_MANY
    assert (await reset(strict_house, bobs)).status_code == 200
