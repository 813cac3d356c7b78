"""How often somebody may write, whichever way they come."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.factories import House, Person
from tests.houses import house_with

RATES = {"rate_limits": True, "write_rate": "3/minute"}


@pytest.fixture
async def strict_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    async with house_with(settings, engine, **RATES) as house:
        yield house


async def rename(person: Person, name: str = "Al") -> httpx.Response:
    return await person.client.patch("/users/me", json={"name": name})


async def test_writing_on_and_on_is_slowed_down(strict_house: House) -> None:
    alice, bob = await strict_house.person("alice"), await strict_house.person("bob")
    conversation = await strict_house.conversation(alice, bob)
    path = f"/conversations/{conversation.id}/messages"

    written = [
        await rename(alice),
        await alice.client.post("/conversations", json={"participant_ids": [bob.id]}),
        await alice.client.post(path, json={"body": "Hello"}),
    ]
    assert [answer.status_code for answer in written] == [200, 201, 201]

    late = await alice.client.post(path, json={"body": "And on"})
    assert refusal(late) == (429, "too_many")
    wait = int(late.headers["retry-after"])
    assert 1 <= wait <= 60
    assert late.headers["ratelimit"] == f'"write";r=0;t={wait}'
    assert late.headers["ratelimit-policy"] == '"write";q=3;w=60'
    assert refusal(await rename(alice)) == (429, "too_many")

    history = (await alice.client.get(path)).json()["messages"]
    assert [message["body"] for message in history] == ["Hello"]
    assert (await bob.client.post(path, json={"body": "Hi"})).status_code == 201
    assert (await alice.client.delete("/users/sign_out")).status_code == 204


async def test_what_is_refused_otherwise_is_counted_too(strict_house: House) -> None:
    alice = await strict_house.person("alice")
    for _ in range(3):
        assert (await rename(alice, "x" * 1_000)).status_code == 422

    assert refusal(await rename(alice)) == (429, "too_many")


async def test_another_login_is_the_same_person(strict_house: House) -> None:
    alice = await strict_house.person("alice")
    for _ in range(3):
        assert (await rename(alice)).status_code == 200
    who = {"email": "alice@example.com", "password": "secret123"}
    again = strict_house.client()
    assert (await again.post("/users/sign_in", json={"user": who})).status_code == 200

    assert refusal(await again.patch("/users/me", json={"name": "Al"})) == (429, "too_many")


def test_the_usual_rate_is_beyond_what_people_type() -> None:
    usual = Settings.model_validate({"DATABASE_URL": "postgresql://unused"})

    assert usual.write_rate == "600/minute"
