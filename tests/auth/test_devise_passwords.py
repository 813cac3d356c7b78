"""Accounts that were moved over from Devise."""

from passlib.hash import bcrypt
from sqlalchemy import select

from app.models import User
from tests.answers import refusal
from tests.auth.signing import sign_in
from tests.factories import House


def devise(password: str) -> str:
    """Devise's hash: `$2a$`, and of the first 72 bytes only."""
    hashed: str = bcrypt.using(rounds=4, ident="2a").hash(password.encode()[:72])
    assert hashed.startswith("$2a$")
    return hashed


async def stored_hash(house: House) -> str:
    async with house.session() as session:
        hashed: str = await session.scalar(select(User.encrypted_password))
        return hashed


async def test_a_devise_password_signs_in_and_is_made_stronger(house: House) -> None:
    await house.person("alice", encrypted_password=devise("old secret"))

    wrong = await sign_in(house, "alice@example.com", "not it")
    untouched = await stored_hash(house)
    first = await sign_in(house, "alice@example.com", "old secret")
    upgraded = await stored_hash(house)
    second = await sign_in(house, "alice@example.com", "old secret")

    assert refusal(wrong) == (401, "invalid_credentials")
    assert untouched.startswith("$2a$")
    assert first.status_code == 200
    assert upgraded.startswith("$bcrypt-sha256$")
    assert second.status_code == 200
    assert await stored_hash(house) == upgraded


async def test_a_long_devise_password_still_signs_in(house: House) -> None:
    password = "é" * 50  # A hundred bytes.
    await house.person("alice", encrypted_password=devise(password))

    wrong = await sign_in(house, "alice@example.com", "é" * 35)
    first = await sign_in(house, "alice@example.com", password)
    second = await sign_in(house, "alice@example.com", password)

    assert refusal(wrong) == (401, "invalid_credentials")
    assert first.status_code == second.status_code == 200


async def test_a_long_password_counts_whole_once_it_is_upgraded(house: House) -> None:
    beginning = "x" * 72
    await house.person("alice", encrypted_password=devise(beginning + "right"))
    await sign_in(house, "alice@example.com", beginning + "right")

    wrong = await sign_in(house, "alice@example.com", beginning + "wrong")

    assert refusal(wrong) == (401, "invalid_credentials")
