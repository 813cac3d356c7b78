"""How often one may take another username."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.factories import House
from tests.houses import house_with
from tests.users.editing import edit


@pytest.fixture
async def strict_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    async with house_with(
        settings,
        engine,
        rate_limits=True,
        username_change_rate="2/day",
        redis_prefix=f"test-{uuid4().hex}:",
    ) as house:
        yield house


async def test_a_person_is_not_somebody_else_every_hour(strict_house: House) -> None:
    alice, bob = await strict_house.person("alice"), await strict_house.person("bob")
    for username in ("alicia", "Alicia"):
        assert (await edit(alice, username=username)).status_code == 200

    refused = await edit(alice, username="malice", name="Mal")

    assert refusal(refused) == (429, "too_many")
    assert int(refused.headers["retry-after"]) > 3_600
    assert '"username"' in refused.headers["ratelimit-policy"]
    me = (await alice.client.get("/users/me")).json()
    assert (me["username"], me["name"]) == ("Alicia", "Alice")
    assert (await edit(bob, username="robert")).status_code == 200


async def test_what_does_not_change_the_username_is_not_counted(strict_house: House) -> None:
    alice, _ = await strict_house.person("alice"), await strict_house.person("bob")

    for _ in range(4):
        assert (await edit(alice, username="alice", name="A.")).status_code == 200
        assert (await edit(alice, name="Alice")).status_code == 200
        assert refusal(await edit(alice, username="bob")) == (422, "username_taken")
        assert refusal(await edit(alice, username="!!!")) == (422, "username_invalid")

    assert (await edit(alice, username="alicia")).status_code == 200
    assert (await edit(alice, username=None)).status_code == 200
    assert refusal(await edit(alice, username="alice")) == (429, "too_many")
