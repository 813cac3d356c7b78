"""What is kept for how long: activity, and logins that have ended."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import text

from app import chores
from app.activity.actions import forget_old_activities
from app.kit import pruning
from app.kit.pruning import prune
from app.kit.settings import Settings
from app.logins.actions import forget_ended_logins
from tests.activity.test_reading import activity_of
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import House
from tests.houses import changed
from tests.realtime.sockets import PATIENCE_SECONDS

FORGET_ACTIVITY = partial(forget_old_activities, days=365)

_ACTIVITY = text("""
    INSERT INTO activities (user_id, name, at)
    SELECT :user_id, 'day ' || n, now() - make_interval(days => n)
    FROM unnest(cast(:days AS int[])) AS n
""")
_LOGINS = text("""
    INSERT INTO logins (user_id, secret_digest, remembered, expires_at)
    SELECT :user_id, '', true, now() - make_interval(days => n)
    FROM unnest(cast(:days AS int[])) AS n
""")


async def test_what_is_past_retention_is_forgotten(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    async with house.session() as session:
        for person in (alice, bob):
            values = {"user_id": person.id, "days": [1, 364, 366, 1000]}
            await session.execute(_ACTIVITY, values)

    await prune(house.database, FORGET_ACTIVITY)

    for person in (alice, bob):
        names = [one["name"] for one in await activity_of(person)]
        assert names == ["signed_in", "day 1", "day 364"]


async def test_it_is_forgotten_in_portions(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "PORTION_ROWS", 2)
    alice = await house.person("alice")
    async with house.session() as session:
        await session.execute(_ACTIVITY, {"user_id": alice.id, "days": [400] * 5})

    async with count_queries(house) as queries:
        await prune(house.database, FORGET_ACTIVITY)

    assert len(queries) == 3
    assert [one["name"] for one in await activity_of(alice)] == ["signed_in"]


async def test_logins_that_ended_long_ago_are_forgotten(house: House) -> None:
    alice = await house.person("alice")
    async with house.session() as session:
        values = {"user_id": alice.id, "days": [-1, 1, 29, 31, 400]}
        await session.execute(_LOGINS, values)
        await session.execute(
            text(
                "INSERT INTO logins (user_id, carrier, name, secret_digest, remembered)"
                " VALUES (:user_id, 'token', 'without an end', '', true)"
            ),
            {"user_id": alice.id},
        )

    await prune(house.database, forget_ended_logins)

    async with house.session() as session:
        days = text("SELECT date_part('day', now() - expires_at)::int FROM logins ORDER BY id")
        kept = list(await session.scalars(days))
    assert kept[1:] == [-1, 1, 29, None]
    assert (await alice.client.get("/users/me")).status_code == 200


async def test_it_is_forgotten_while_we_serve(
    settings: Settings, live_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "_FORGET_EVERY_SECONDS", 0.01)
    alice = await live_house.person("alice")
    async with live_house.session() as session:
        await session.execute(_ACTIVITY, {"user_id": alice.id, "days": [1, 3]})
        await session.execute(_LOGINS, {"user_id": alice.id, "days": [1, 31]})

    async with serve(changed(settings, activity_retention_days=2)):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await count_rows(live_house) != (2, 2):
                await asyncio.sleep(0.01)


async def count_rows(house: House) -> tuple[int, int]:
    """Of activities, and of logins."""
    counted = "SELECT (SELECT count(*) FROM activities), (SELECT count(*) FROM logins)"
    async with house.session() as session:
        activities, logins = (await session.execute(text(counted))).one()
        return activities, logins
