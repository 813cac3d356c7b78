"""/users/tokens: what scripts and bots carry."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.factories import PASSWORD, House, Person

DRAFT = {"name": "Nightly report", "scope": "write", "current_password": PASSWORD}


async def make_token(person: Person, **fields: Any) -> httpx.Response:
    return await person.client.post("/users/tokens", json=DRAFT | fields)


async def script_of(house: House, person: Person, **fields: Any) -> httpx.AsyncClient:
    """A client that carries a new token of theirs, and nothing else."""
    made = await make_token(person, **fields)
    assert made.status_code == 201, made.text
    script = house.client()
    script.headers["Authorization"] = f"Bearer {made.json()['token']}"
    return script


async def test_a_token_acts_for_its_owner(house: House) -> None:
    alice = await house.person("alice")

    script = await script_of(house, alice)

    assert (await script.get("/users/me")).json()["id"] == alice.id
    assert (await script.patch("/users/me", json={"name": "Alicia"})).status_code == 200


async def test_it_is_shown_once(house: House) -> None:
    alice = await house.person("alice")

    made = await make_token(alice)
    listed = await alice.client.get("/users/tokens")

    token = made.json()["token"]
    assert re.fullmatch(r"chatflow_\d+_[\w-]{43}", token)
    assert made.headers["cache-control"] == "no-store"
    assert listed.json() == [{k: v for k, v in made.json().items() if k != "token"}]
    assert listed.json()[0]["last_used_at"] is None
    async with house.session() as session:
        rows = (await session.execute(text("SELECT logins::text FROM logins"))).scalars().all()
    assert token.rpartition("_")[2] not in str(rows)


async def test_when_it_was_last_used_is_shown(house: House) -> None:
    alice = await house.person("alice")
    script = await script_of(house, alice)
    await script.get("/users/me")
    async with house.session() as session:
        ids = await session.scalars(text("SELECT id FROM logins WHERE carrier = 'token'"))
        await house.state["front_desk"].prolong(session, list(ids))

    (token,) = (await alice.client.get("/users/tokens")).json()

    assert datetime.fromisoformat(token["last_used_at"])


async def test_a_stolen_cookie_makes_no_token(house: House) -> None:
    alice = await house.person("alice")

    for password in ("a guess", "", PASSWORD + " "):
        answer = await make_token(alice, current_password=password)
        assert refusal(answer) == (422, "current_password_invalid")
    without = await alice.client.post("/users/tokens", json={"name": "x"})

    assert refusal(without) == (422, "current_password_blank")
    assert (await alice.client.get("/users/tokens")).json() == []
    assert (await make_token(alice)).status_code == 201


async def test_a_token_that_only_reads_writes_nothing(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    messages = f"/conversations/{conversation.id}/messages"

    reader = await script_of(house, alice, scope="read")
    writer = await script_of(house, alice, scope="write")

    assert (await reader.get(messages)).status_code == 200
    for refused in (
        await reader.post(messages, json={"body": "Hello"}),
        await reader.patch("/users/me", json={"name": "Eve"}),
        await reader.post("/conversations", json={"participant_ids": [bob.id]}),
        await reader.post("/users/tokens", json=DRAFT),
        await reader.delete("/users/logins"),
        await reader.delete("/users/sign_out"),
    ):
        assert refusal(refused) == (403, "read_only")
    assert (await writer.post(messages, json={"body": "Hello"})).status_code == 201
    assert (await alice.client.get(messages)).json()["page_info"]["count"] == 1


async def test_a_token_may_only_read_unless_it_says_otherwise(house: House) -> None:
    alice = await house.person("alice")

    made = await alice.client.post(
        "/users/tokens", json={"name": "x", "current_password": PASSWORD}
    )

    assert made.json()["scope"] == "read"


async def test_it_ends_when_it_is_revoked(house: House) -> None:
    alice, mallory = await house.person("alice"), await house.person("mallory")
    script, other = await script_of(house, alice), await script_of(house, alice)
    newest, oldest = (await alice.client.get("/users/tokens")).json()
    address = f"/users/tokens/{oldest['id']}"

    assert refusal(await mallory.client.delete(address)) == (404, "not_found")
    assert (await script.get("/users/me")).status_code == 200
    assert (await alice.client.delete(address)).status_code == 204

    assert refusal(await script.get("/users/me")) == (401, "unauthenticated")
    assert (await other.get("/users/me")).status_code == 200
    assert [t["id"] for t in (await alice.client.get("/users/tokens")).json()] == [newest["id"]]
    assert refusal(await alice.client.delete(address)) == (404, "not_found")


async def test_a_device_is_no_token_and_a_token_no_device(house: House) -> None:
    alice = await house.person("alice")
    await make_token(alice)
    (token,) = (await alice.client.get("/users/tokens")).json()
    (device,) = (await alice.client.get("/users/logins")).json()

    assert token["id"] != device["id"]
    assert refusal(await alice.client.delete(f"/users/logins/{token['id']}"))[0] == 404
    assert refusal(await alice.client.delete(f"/users/tokens/{device['id']}"))[0] == 404


async def test_it_ends_on_its_day(house: House) -> None:
    alice = await house.person("alice")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    script = await script_of(house, alice, expires_at=tomorrow)
    assert (await script.get("/users/me")).status_code == 200

    async with house.session() as session:
        await session.execute(text("UPDATE logins SET expires_at = now() WHERE name IS NOT NULL"))

    assert refusal(await script.get("/users/me")) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, "name_blank"),
        ({"name": "\u200b"}, "name_blank"),
        ({"name": "x" * 101}, "name_too_long"),
        ({"name": None}, "name_not_a_string"),
        ({"scope": "admin"}, "scope_invalid"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at_not_in_future"),
        ({"expires_at": "2099-01-01T00:00:00"}, "expires_at_invalid"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at_invalid"),
        ({"expires_at": "soon"}, "expires_at_invalid"),
        ({"expires_at": 10**30}, "expires_at_invalid"),
    ],
)
async def test_a_draft_that_will_not_do(house: House, fields: dict[str, Any], code: str) -> None:
    alice = await house.person("alice")

    assert refusal(await make_token(alice, **fields)) == (422, code)
    assert (await make_token(alice)).status_code == 201


async def test_there_are_fifty_at_most(house: House) -> None:
    alice = await house.person("alice")
    async with house.session() as session:
        await session.execute(
            text(
                "INSERT INTO logins (user_id, carrier, name, secret_digest, remembered)"
                " SELECT :id, 'token', 'x', '', true FROM generate_series(1, 49)"
            ),
            {"id": alice.id},
        )

    assert (await make_token(alice)).status_code == 201
    assert refusal(await make_token(alice)) == (422, "too_many_tokens")


@pytest.mark.parametrize(
    "token",
    [
        "chatflow_",
        "chatflow_1",
        "chatflow_1_",
        "chatflow_0_" + "a" * 43,
        "chatflow_1_" + "a" * 43,
        "chatflow_" + "9" * 18 + "_" + "a" * 43,
        "chatflow_" + "9" * 400 + "_" + "a" * 43,
        "chatflow_\u0661_" + "a" * 43,
        "chatflow_1_" + "a" * 10_000,
    ],
)
async def test_what_looks_like_a_token_is_nobody(house: House, token: str) -> None:
    await house.person("alice", id=1)

    answer = await house.client().get(
        "/users/me", headers={b"authorization": b"Bearer " + token.encode()}
    )

    assert refusal(answer) == (401, "unauthenticated")
