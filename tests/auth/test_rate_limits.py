"""How often one may try to sign in, and sign up."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.auth.signing import sign_in, sign_up
from tests.conftest import serve
from tests.factories import House
from tests.houses import changed, house_with, unused_port

RATES = {"rate_limits": True, "sign_in_rate": "3/minute", "registration_rate": "2/hour"}


@pytest.fixture
def silent_port() -> Iterator[int]:
    """The kernel takes the calls, and nobody answers them."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


@pytest.fixture(params=["redis", "redis is away", "redis is silent", "no redis"])
async def strict_house(
    request: pytest.FixtureRequest, settings: Settings, engine: AsyncEngine, silent_port: int
) -> AsyncIterator[House]:
    if settings.redis_url is None:
        pytest.skip("there is no Valkey for this machine")
    here = settings.redis_url.get_secret_value()
    url = {
        "redis": here,
        "redis is away": f"redis://127.0.0.1:{unused_port()}/0",
        "redis is silent": f"redis://127.0.0.1:{silent_port}/0",
        "no redis": None,
    }[request.param]
    async with house_with(
        settings, engine, **RATES, redis_url=url, redis_prefix=f"test-{uuid4().hex}:"
    ) as house:
        yield house


def assert_told_to_wait(answer: httpx.Response, name: str, quota: int, seconds: int) -> None:
    assert refusal(answer) == (429, "too_many")
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= seconds
    assert answer.headers["ratelimit"] == f'"{name}";r=0;t={wait}'
    assert answer.headers["ratelimit-policy"] == f'"{name}";q={quota};w={seconds}'


async def test_guessing_is_slowed_down(strict_house: House) -> None:
    await strict_house.person("alice")
    for _ in range(3):
        guess = await sign_in(strict_house, "alice@example.com", "a guess")
        assert refusal(guess) == (401, "invalid_credentials")

    right_but_late = await sign_in(strict_house, "alice@example.com")

    assert_told_to_wait(right_but_late, "sign_in", quota=3, seconds=60)


async def test_another_spelling_is_the_same_account(strict_house: House) -> None:
    spellings = ["bob@example.com", "BOB@example.com", " bob@example.com "]
    for email in spellings:
        assert (await sign_in(strict_house, email, "a guess")).status_code == 401

    assert (await sign_in(strict_house, "Bob@Example.com", "a guess")).status_code == 429


async def test_other_accounts_are_not_locked_out(strict_house: House) -> None:
    await strict_house.person("alice")
    for _ in range(4):
        await sign_in(strict_house, "bob@example.com", "a guess")

    assert (await sign_in(strict_house, "alice@example.com")).status_code == 200


async def test_guesses_at_once_are_all_counted(live_house: House, settings: Settings) -> None:
    strict = changed(settings, **RATES, redis_prefix=f"test-{uuid4().hex}:")
    async with serve(strict) as house:
        answers = await asyncio.gather(
            *(sign_in(house, "eve@example.com", f"guess {number}") for number in range(20))
        )

    assert Counter(answer.status_code for answer in answers) == {401: 3, 429: 17}


async def test_accounts_are_not_made_by_the_hundred(strict_house: House) -> None:
    for number in range(2):
        assert (await sign_up(strict_house, email=f"{number}@example.com")).status_code == 201

    assert_told_to_wait(
        await sign_up(strict_house, email="3@example.com"), "sign_up", quota=2, seconds=3_600
    )


async def test_reading_is_not_limited(strict_house: House) -> None:
    alice = await strict_house.person("alice")

    answers = [await alice.client.get("/users/me") for _ in range(10)]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("rate", ["often", "30", "/minute", "0x1/hour", "-3/minute", "3/fortnight"])
def test_a_rate_that_is_none_is_refused_at_the_start(rate: str) -> None:
    with pytest.raises(ValueError, match="30/minute"):
        Settings.model_validate({"sign_in_rate": rate})

    assert Settings.model_validate({"sign_in_rate": "3/2 minutes"}).rate_limits
