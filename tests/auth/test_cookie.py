"""The session cookie: its attributes, its seal, its life."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.access import Seal
from app.auth.jobs import SeenLogins
from app.kit.settings import Settings
from app.models import Login
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, sign_up, who_is
from tests.factories import House
from tests.houses import changed, house_with

DAY = timedelta(days=1)


async def login_of(house: House) -> Login:
    """The newest."""
    async with house.session() as session:
        logins = await session.execute(select(Login).order_by(Login.id.desc()).limit(1))
        login: Login = logins.scalar_one()
        return login


async def change_login(house: House, **values: datetime) -> None:
    async with house.session() as session:
        login_id = (await login_of(house)).id
        await session.execute(update(Login).where(Login.id == login_id).values(**values))


def seen_logins(house: House) -> SeenLogins:
    """The house's own, but within the transaction of the test."""
    seen = SeenLogins(house.database, house.state["front_desk"])
    house.state["seen_logins"] = seen
    return seen


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(house: House) -> None:
    await house.person("alice")

    for answer in (await sign_in(house, "alice@example.com"), await sign_up(house)):
        cookie = session_cookie(answer)
        assert cookie["httponly"] is True
        assert cookie["samesite"].lower() == "lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert cookie["secure"] == ""  # On a laptop there is no https.


async def lasts(house: House) -> timedelta:
    """From now on."""
    expires_at = (await login_of(house)).expires_at
    assert expires_at
    return expires_at - datetime.now(UTC)


async def test_the_cookie_lives_as_long_as_the_browser(house: House) -> None:
    await house.person("alice")

    cookie = session_cookie(await sign_in(house, "alice@example.com"))

    assert cookie["max-age"] == cookie["expires"] == ""
    remaining = await lasts(house)
    assert 13.9 * DAY < remaining <= 14 * DAY


async def test_a_remembered_cookie_lives_for_30_days(house: House) -> None:
    await house.person("alice")

    cookie = session_cookie(await sign_in(house, "alice@example.com", remember_me=True))

    assert int(cookie["max-age"]) == 30 * 86_400
    remaining = await lasts(house)
    assert 29.9 * DAY < remaining <= 30 * DAY


async def test_in_production_the_cookie_travels_only_over_https(
    settings: Settings, engine: AsyncEngine
) -> None:
    keys = ("a key of production that is long enough",)
    async with house_with(settings, engine, environment="production", secret_keys=keys) as house:
        await house.person("alice")

        assert session_cookie(await sign_in(house, "alice@example.com"))["secure"] is True
        assert session_cookie(await sign_up(house))["secure"] is True


@pytest.mark.parametrize("keys", ["", "short", "a key of production that is long enough,short"])
def test_production_refuses_to_start_with_weak_keys(keys: str) -> None:
    with pytest.raises(ValueError, match="CHATFLOW_SECRET_KEYS"):
        Settings.model_validate({"environment": "production", "secret_keys": keys})


async def test_the_database_knows_only_a_digest_of_the_secret(house: House) -> None:
    await house.person("alice")

    cookie = session_cookie(await sign_in(house, "alice@example.com")).value
    login = await login_of(house)

    secret = cookie.split(".")[1]
    stored = " ".join(repr(value) for value in vars(login).values())
    assert len(secret) >= 43  # 256 bits in base64.
    assert secret not in stored
    assert len(login.secret_digest) == 32


async def test_a_cookie_of_another_secret_is_worth_nothing(
    house: House, settings: Settings
) -> None:
    """Who has stolen the key alone cannot make up a login."""
    await house.person("alice")
    login = await login_of(house)

    forged = Seal(settings).close(login, "guessed")

    assert refusal(await who_is(house, forged)) == (401, "unauthenticated")


def tampered(cookie: str) -> dict[str, str]:
    number, secret, signature = cookie.split(".")
    return {
        "another login": f"{int(number) + 1}.{secret}.{signature}",
        "another secret": f"{number}.{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}.{signature}",
        "another signature": f"{number}.{secret}.{signature[::-1]}",
        "no signature": f"{number}.{secret}",
        "an empty signature": f"{number}.{secret}.",
        "cut off": cookie[:-5],
        "longer": cookie + "x",
        "twice": cookie + "." + cookie,
        "upper case": cookie.upper(),
        "nothing": "",
        "a dot": ".",
        "dots": "...",
        "garbage": "garbage",
        "a number": "1",
        "not ASCII": "1.ünïcode.signature",
        "very long": "x" * 4_000,
        "an object": '{"login_id": 1}',
    }


async def test_a_cookie_that_was_tampered_with_is_worth_nothing(house: House) -> None:
    await house.person("alice")
    cookie = session_cookie(await sign_in(house, "alice@example.com")).value

    for kind, value in tampered(cookie).items():
        assert refusal(await who_is(house, value)) == (401, "unauthenticated"), kind
    assert (await who_is(house, cookie)).status_code == 200


async def test_a_cookie_that_another_key_signed_is_worth_nothing(
    house: House, settings: Settings
) -> None:
    alice = await house.person("alice")
    opened, login = Seal(settings).open(alice.cookie.partition("=")[2]), await login_of(house)
    assert opened is not None

    strangers = Seal(changed(settings, secret_keys=("somebody else's",))).close(
        login, opened.secret
    )
    ours = Seal(settings).close(login, opened.secret)

    assert refusal(await who_is(house, strangers)) == (401, "unauthenticated")
    assert (await who_is(house, ours)).status_code == 200


async def test_keys_can_be_rotated(settings: Settings, engine: AsyncEngine) -> None:
    old, new = SecretStr("the old key"), SecretStr("the new key")
    async with house_with(settings, engine, secret_keys=(new, old)) as house:
        alice = await house.person("alice")
        fresh = alice.cookie.partition("=")[2]
        opened = Seal(changed(settings, secret_keys=(new,))).open(fresh)
        assert opened is not None, "the first key signs"
        login = await login_of(house)

        signed_before = Seal(changed(settings, secret_keys=(old,))).close(login, opened.secret)

        assert (await who_is(house, signed_before)).status_code == 200
        assert (await who_is(house, fresh)).status_code == 200


async def test_a_key_that_was_withdrawn_no_longer_verifies(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, secret_keys=("the new key",)) as house:
        alice = await house.person("alice")
        opened, login = (
            house.state["seal"].open(alice.cookie.partition("=")[2]),
            await login_of(house),
        )

        withdrawn = Seal(changed(settings, secret_keys=("the old key",))).close(
            login, opened.secret
        )

        assert refusal(await who_is(house, withdrawn)) == (401, "unauthenticated")


async def test_a_login_ends_when_it_expires(house: House) -> None:
    alice = await house.person("alice")
    assert (await alice.client.get("/users/me")).status_code == 200

    await change_login(house, expires_at=datetime.now(UTC) - timedelta(days=1))

    assert refusal(await alice.client.get("/users/me")) == (401, "unauthenticated")


async def test_a_login_in_use_does_not_go_idle(house: House) -> None:
    alice, now = await house.person("alice"), datetime.now(UTC)
    await change_login(house, expires_at=now + DAY, last_seen_at=now - 13 * DAY)
    seen = seen_logins(house)

    await alice.client.get("/users/me")
    await seen.prolong()

    assert await lasts(house) > 13.9 * DAY
    seen_at = (await login_of(house)).last_seen_at
    assert seen_at
    assert seen_at > now - DAY


async def test_even_a_login_in_use_ends_on_its_day(house: House) -> None:
    alice, now = await house.person("alice"), datetime.now(UTC)
    await change_login(house, expires_at=now + DAY, created_at=now - 28 * DAY)
    seen = seen_logins(house)

    await alice.client.get("/users/me")
    await seen.prolong()

    assert 1.9 * DAY < await lasts(house) <= 2 * DAY


async def test_a_login_that_nobody_uses_goes_idle(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    soon = datetime.now(UTC) + DAY
    await change_login(house, expires_at=soon)
    seen = seen_logins(house)

    await alice.client.get("/users/me")
    await seen.prolong()

    assert (await login_of(house)).user_id == bob.id
    assert (await login_of(house)).expires_at == soon


async def test_a_remembered_login_ends_on_its_day(house: House) -> None:
    await house.person("alice")
    cookie = session_cookie(await sign_in(house, "alice@example.com", remember_me=True)).value
    soon = datetime.now(UTC) + DAY
    await change_login(house, expires_at=soon)
    seen = seen_logins(house)

    assert (await who_is(house, cookie)).status_code == 200
    await seen.prolong()

    assert (await login_of(house)).expires_at == soon
