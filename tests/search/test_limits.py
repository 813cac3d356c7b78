"""GET /search: a bound to its time, and to how often it is asked."""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.factories import House
from tests.houses import house_with


async def test_a_search_that_takes_too_long_is_given_up(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, search_max_seconds=0.001) as house:
        alice = await house.person("alice")
        bob = await house.person("bob")
        conversation = await house.conversation(alice, bob)
        for _ in range(20):
            await house.message(conversation, bob, "a b c d e " * 1_000)

        answer = await alice.client.get("/search", params={"query": "a b c d ez", "sort": "best"})

        assert refusal(answer) == (503, "unavailable")
        assert answer.headers["retry-after"]


async def test_the_limit_of_time_is_for_the_search_alone(
    settings: Settings, live_house: House
) -> None:
    alice = await live_house.person("alice")

    assert (await alice.client.get("/search?query=a")).status_code == 200

    usual = f"{settings.database_statement_timeout_seconds:.0f}s"
    for _ in range(settings.database_pool_size):
        async with live_house.session() as session:
            shown = await session.connection()
            assert (await shown.exec_driver_sql("SHOW statement_timeout")).scalar() == usual


async def test_somebody_who_asks_too_often_must_wait(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, rate_limits=True, search_rate="2/minute") as house:
        alice, bob = await house.person("alice"), await house.person("bob")

        answers = [await alice.client.get("/search?query=a") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert refusal(answers[2]) == (429, "too_many")
        assert (await bob.client.get("/search?query=a")).status_code == 200
