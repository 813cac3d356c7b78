"""What is recorded: who did what from where, nothing secret, and no more than the limits allow."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app.kit.settings import Settings
from tests.activity.test_reading import activity_of
from tests.answers import refusal
from tests.factories import PASSWORD, House, Person
from tests.houses import house_with
from tests.tokens.test_tokens import DRAFT

FIREFOX, ADDRESS = "Firefox on a test bench", "203.0.113.7"


def browser(house: House, address: str = ADDRESS) -> httpx.AsyncClient:
    client = house.client(address)
    client.headers["User-Agent"] = FIREFOX
    return client


async def sign_in(
    client: httpx.AsyncClient, password: str = PASSWORD, email: str = "alice@example.com"
) -> int:
    who = {"user": {"email": email, "password": password}}
    return (await client.post("/users/sign_in", json=who)).status_code


async def own_login(client: httpx.AsyncClient) -> int:
    logins = (await client.get("/users/logins")).json()
    (id,) = [login["id"] for login in logins if login["current"]]
    assert isinstance(id, int)
    return id


async def newest_of(person: Person) -> tuple[str, int | None]:
    """What it was, and the login that it is about. It came from the browser."""
    newest = (await activity_of(person))[0]
    assert (newest["address"], newest["device"]) == (ADDRESS, FIREFOX)
    assert newest["details"] == {}
    return newest["name"], newest["login_id"]


async def test_signing_up(house: House) -> None:
    client = browser(house)
    who = {"email": "carol@example.com", "password": "a long secret"}
    await client.post("/users", json={"user": who})

    listed = (await client.get("/users/activity")).json()

    assert [one["name"] for one in listed] == ["signed_in", "signed_up"]
    assert {(one["address"], one["device"]) for one in listed} == {(ADDRESS, FIREFOX)}


@pytest.mark.parametrize("path", ["/users/sign_in", "/auth/login"])
async def test_signing_in(house: House, path: str) -> None:
    alice, client = await house.person("alice"), browser(house)

    for password, name in (("a guess", "sign_in_failed"), (PASSWORD, "signed_in")):
        who = {"email": "alice@example.com", "password": password}
        await client.post(path, json={"user": who})
        assert (await newest_of(alice))[0] == name


async def test_signing_out(house: House) -> None:
    alice, client = await house.person("alice"), browser(house)
    await sign_in(client)
    login_id = await own_login(client)
    assert await newest_of(alice) == ("signed_in", login_id)

    await client.delete("/users/sign_out")

    assert await newest_of(alice) == ("signed_out", login_id)


async def test_tokens(house: House) -> None:
    alice, client = await house.person("alice"), browser(house)
    await sign_in(client)

    refused = await client.post("/users/tokens", json=DRAFT | {"current_password": "a guess"})
    assert refusal(refused)[0] == 422
    assert await newest_of(alice) == ("proof_failed", await own_login(client))
    token_id = (await client.post("/users/tokens", json=DRAFT)).json()["id"]
    assert await newest_of(alice) == ("token_created", token_id)
    await client.delete(f"/users/tokens/{token_id}")
    assert await newest_of(alice) == ("token_revoked", token_id)


async def test_ending_logins(house: House) -> None:
    alice, client = await house.person("alice"), browser(house)
    await sign_in(client)
    before = len(await activity_of(alice))
    for _ in range(3):
        await sign_in(other := browser(house))

    last = await own_login(other)
    await client.delete(f"/users/logins/{last}")
    assert await newest_of(alice) == ("login_ended", last)
    await client.delete("/users/logins")

    listed = (await client.get("/users/activity")).json()
    ended = [one["login_id"] for one in listed if one["name"] == "login_ended"]
    assert len(listed) - before == 3 + len(set(ended)) == 3 + 4


async def test_a_username_is_changed_when_it_is_another(house: House) -> None:
    alice, client = await house.person("alice"), browser(house)
    await house.person("bob")
    await sign_in(client)
    before = await activity_of(alice)

    for same in ({"username": "alice"}, {"name": "Alice Liddell"}, {"username": "bob"}):
        await client.patch("/users/me", json=same)
    assert await activity_of(alice) == before

    await client.patch("/users/me", json={"username": "swordfish"})
    assert await newest_of(alice) == ("username_changed", await own_login(client))
    assert "swordfish" not in str(await activity_of(alice))


async def test_neither_rows_nor_lines_hold_a_secret(house: House) -> None:
    await house.person("alice")
    client = browser(house)
    with capture_logs() as lines:
        await sign_in(client, "swordfish")
        await sign_in(client)
        cookie = client.cookies["_chatflow_session"]
        token = (await client.post("/users/tokens", json=DRAFT)).json()["token"]
        await client.post("/users/tokens", json=DRAFT | {"current_password": "swordfish"})
        await client.patch("/users/me", json={"username": "swordfish"})
        await client.delete("/users/sign_out")

    async with house.session() as session:
        rows = list(await session.scalars(text("SELECT activities::text FROM activities")))
    names = [line["event"] for line in lines if line["event"].startswith("account.")]
    assert len(names) == len(rows) - 1 == 6, "the first of them came before the lines"
    for secret in ("swordfish", PASSWORD, cookie.split(".")[1], token[-43:], DRAFT["name"]):
        assert secret not in str(rows)
        assert secret not in str(lines)


async def test_of_an_unknown_email_there_is_a_line_without_it(house: House) -> None:
    alice = await house.person("alice")

    with capture_logs() as lines:
        assert await sign_in(browser(house), email="swordfish@example.com") == 401
        assert await sign_in(browser(house), "a guess") == 401

    failed = [line for line in lines if line["event"] == "account.sign_in_failed"]
    assert [line["user_id"] for line in failed] == [None, alice.id]
    assert {line["address"] for line in failed} == {ADDRESS}
    assert "swordfish" not in str(lines)
    assert len(await activity_of(alice)) == 2


async def test_what_was_refused_is_not_said_to_have_happened(house: House) -> None:
    alice, client = await house.person("alice"), browser(house)
    await house.person("bob")
    await sign_in(client)
    before = await activity_of(alice)

    with capture_logs() as lines:
        for refused in (
            await client.delete("/users/tokens/999"),
            await client.delete("/users/logins/999"),
            await client.patch("/users/me", json={"username": "bob"}),
        ):
            assert refusal(refused)[0] in (404, 422)
        await client.patch("/users/me", json={"username": "alicia"})

    assert [line["event"] for line in lines] == ["account.username_changed"]
    assert len(await activity_of(alice)) == len(before) + 1


@pytest.mark.parametrize("addresses", [1, 12])
async def test_guesses_do_not_fill_the_table(
    settings: Settings, engine: AsyncEngine, addresses: int
) -> None:
    rates: dict[str, Any] = {"sign_in_rate": "3/minute", "sign_in_account_rate": "3/hour"}
    prefix = f"test-{uuid4().hex}:"
    async with house_with(
        settings, engine, rate_limits=True, redis_prefix=prefix, **rates
    ) as house:
        alice = await house.person("alice")
        for number in range(12):
            await sign_in(browser(house, f"203.0.113.{number % addresses}"), "a guess")

        names = [one["name"] for one in await activity_of(alice)]

    assert names == ["sign_in_failed"] * 3 + ["signed_in"]
