"""GET and DELETE /users/logins: where one is signed in."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.access import SESSION_COOKIE
from app.auth.actions.desk import DEVICES_MAX
from app.models import Login
from tests.accounts.links import NEW_PASSWORD, change
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.factories import PASSWORD, House, Person
from tests.tokens.test_tokens import make_token

FIREFOX = {"User-Agent": "Firefox on a test bench"}


async def sign_in_with(house: House, headers: dict[str, str]) -> str:
    """Answers the value of the cookie."""
    who = {"email": "alice@example.com", "password": PASSWORD}
    answer = await house.client().post("/users/sign_in", json={"user": who}, headers=headers)
    return session_cookie(answer).value


async def logins_of(person: Person) -> list[dict[str, Any]]:
    answer = await person.client.get("/users/logins")
    assert answer.status_code == 200
    logins: list[dict[str, Any]] = answer.json()
    return logins


async def test_a_login_shows_its_device_its_address_and_when(house: House) -> None:
    alice = await house.person("alice")
    await sign_in_with(house, FIREFOX)

    firefox, here = sorted(await logins_of(alice), key=lambda login: login["current"])

    assert firefox["device"] == "Firefox on a test bench"
    assert firefox["address"] == "127.0.0.1"
    assert (firefox["carrier"], firefox["remembered"]) == ("cookie", False)
    assert not firefox["current"]
    assert here["current"]
    for name in ("created_at", "last_seen_at", "expires_at"):
        assert datetime.fromisoformat(firefox[name]).tzinfo


async def test_the_list_is_ones_own_and_of_what_is_good(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    await sign_in_with(house, FIREFOX)
    async with house.session() as session:
        ended = update(Login).where(Login.device == FIREFOX["User-Agent"])
        await session.execute(ended.values(expires_at=datetime.now(UTC) - timedelta(days=1)))

    assert len(await logins_of(alice)) == 1
    assert len(await logins_of(bob)) == 1
    assert {login["id"] for login in await logins_of(alice)}.isdisjoint(
        login["id"] for login in await logins_of(bob)
    )


async def test_a_login_shows_no_secret(house: House) -> None:
    alice = await house.person("alice")
    secret = alice.cookie.split(".")[1]

    answer = await alice.client.get("/users/logins")

    assert secret not in answer.text
    assert set(answer.json()[0]) == {
        *("id", "current", "carrier", "remembered", "address", "device"),
        *("created_at", "last_seen_at", "expires_at"),
    }


async def test_a_hostile_device_is_only_text(house: House) -> None:
    alice = await house.person("alice")
    await sign_in_with(house, {"User-Agent": "x" * 5_000})
    async with house.session() as session:
        await session.execute(text("DELETE FROM logins WHERE device IS NULL"))

    cut = await sign_in_with(house, {"User-Agent": "a\tb\x01c"})
    answer = await house.client().get("/users/logins", headers={"Authorization": f"Bearer {cut}"})

    assert sorted(login["device"] for login in answer.json()) == ["a b c", "x" * 200]
    assert alice.id


async def test_ending_a_login_ends_that_one(house: House) -> None:
    alice = await house.person("alice")
    there = await sign_in_with(house, FIREFOX)
    stays = await sign_in_with(house, FIREFOX)
    login_id = int(there.split(".")[0])

    ended = await alice.client.delete(f"/users/logins/{login_id}")

    assert ended.status_code == 204
    assert refusal(await who_is(house, there)) == (401, "unauthenticated")
    assert (await who_is(house, stays)).status_code == 200
    assert (await alice.client.get("/users/me")).status_code == 200
    assert refusal(await alice.client.delete(f"/users/logins/{login_id}")) == (404, "not_found")


async def test_somebody_elses_login_is_not_there(house: House) -> None:
    alice, mallory = await house.person("alice"), await house.person("mallory")
    (login,) = await logins_of(alice)

    assert refusal(await mallory.client.delete(f"/users/logins/{login['id']}")) == (
        404,
        "not_found",
    )
    assert (await alice.client.delete(f"/users/logins/{login['id']}")).status_code == 204


async def test_all_others_end_at_once(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    others = [await sign_in_with(house, FIREFOX) for _ in range(3)]

    assert (await alice.client.delete("/users/logins")).status_code == 204

    for cookie in others:
        assert refusal(await who_is(house, cookie)) == (401, "unauthenticated")
    assert len(await logins_of(alice)) == 1
    assert (await bob.client.get("/users/me")).status_code == 200


async def test_signing_in_makes_a_new_login_whatever_cookie_came(house: House) -> None:
    alice = await house.person("alice")
    planted = alice.cookie.partition("=")[2]
    who = {"email": "alice@example.com", "password": PASSWORD}

    fresh = session_cookie(await alice.client.post("/users/sign_in", json={"user": who})).value

    assert fresh.split(".")[0] != planted.split(".")[0]
    assert (await sign_in(house, "alice@example.com")).status_code == 200
    assert len(await logins_of(alice)) == 3


async def test_whoever_signs_in_again_and_again_keeps_the_newest(house: House) -> None:
    alice = await house.person("alice")
    token = await make_token(alice)
    many = text("""
        INSERT INTO logins (user_id, secret_digest, remembered, device, last_seen_at, expires_at)
        SELECT id, '', false, 'old', now(), now() + interval '1 day'
        FROM users, generate_series(1, :count)
    """)
    async with house.session() as session:
        await session.execute(many, {"count": DEVICES_MAX - 1})
    assert len(await logins_of(alice)) == DEVICES_MAX

    newest = await sign_in_with(house, FIREFOX)

    assert (await alice.client.get("/users/me")).status_code == 401, "hers was the oldest"
    alice.client.cookies.set(SESSION_COOKIE, newest)
    assert len(await logins_of(alice)) == DEVICES_MAX
    tokens = (await alice.client.get("/users/tokens")).json()
    assert [one["id"] for one in tokens] == [token.json()["id"]], "a token is no device"


async def test_ending_one_and_a_new_password_do_not_wait_for_each_other(
    live_house: House, engine: AsyncEngine
) -> None:
    """The first holds the login and then writes what happened; the second holds its owner, and
    then ends the login."""
    alice = await live_house.person("alice")
    await sign_in_with(live_house, FIREFOX)
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    happened = text("INSERT INTO activities (user_id, name) SELECT id, 'login_ended' FROM users")

    async with engine.connect() as ending:
        await ending.execute(text("DELETE FROM logins WHERE device IS NOT NULL"))
        changing = asyncio.create_task(change(alice, password=NEW_PASSWORD))
        async with engine.connect() as watching:
            while not (await watching.scalar(waiting)):
                await watching.rollback()
        await ending.execute(happened)
        await ending.commit()
        changed = await changing

    assert changed.status_code == 200
