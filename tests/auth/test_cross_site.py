"""No other web site may act with somebody's cookie."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import refusal
from tests.factories import PASSWORD, House
from tests.houses import house_with

OURS = "http://localhost:3000"
EVIL = "https://evil.example"
WELCOME, REFUSED = True, False

# (Origin, Sec-Fetch-Site) -> is an unsafe request with a cookie welcome?
BROWSERS: list[tuple[str | None, str | None, bool]] = [
    (None, None, WELCOME),
    (None, "same-origin", WELCOME),
    (None, "none", WELCOME),
    (None, "same-site", REFUSED),
    (None, "cross-site", REFUSED),
    (None, "Same-Origin?", REFUSED),
    (None, "", REFUSED),
    (OURS, None, WELCOME),
    (OURS, "same-origin", WELCOME),
    (OURS, "cross-site", WELCOME),
    ("HTTP://LocalHost:3000", None, WELCOME),
    ("null", None, REFUSED),
    ("null", "same-origin", REFUSED),
    ("", None, REFUSED),
    (EVIL, None, REFUSED),
    (EVIL, "same-origin", REFUSED),
    (EVIL, "none", REFUSED),
    ("https://localhost:3000", None, REFUSED),
    ("http://localhost", None, REFUSED),
    ("http://localhost:3001", None, REFUSED),
    ("http://localhost:3000.evil.example", None, REFUSED),
    ("http://evil.example/http://localhost:3000", None, REFUSED),
    ("http://localhost:3000@evil.example", None, REFUSED),
    ("http://sub.localhost:3000", None, REFUSED),
    ("http://localhost:3000 https://evil.example", None, REFUSED),
]


def headers(origin: str | None, fetch_site: str | None) -> dict[str, str]:
    named = {"Origin": origin, "Sec-Fetch-Site": fetch_site}
    return {name: value for name, value in named.items() if value is not None}


def verdict(response: httpx.Response) -> bool:
    if response.status_code == 403:
        assert refusal(response) == (403, "cross_site")
        return REFUSED
    assert response.is_success, response.text
    return WELCOME


@pytest.mark.parametrize(("origin", "fetch_site", "expected"), BROWSERS)
async def test_who_may_act_with_a_cookie(
    house: House, origin: str | None, fetch_site: str | None, expected: bool
) -> None:
    alice = await house.person("alice")

    answer = await alice.client.patch(
        "/users/me", json={"name": "Changed"}, headers=headers(origin, fetch_site)
    )

    assert verdict(answer) == expected
    name = (await alice.client.get("/users/me")).json()["name"]
    assert name == ("Changed" if expected == WELCOME else "Alice")


@pytest.mark.parametrize(("origin", "fetch_site", "expected"), BROWSERS)
async def test_who_may_sign_somebody_in_or_up(
    house: House, origin: str | None, fetch_site: str | None, expected: bool
) -> None:
    """They set the cookie, so they are guarded without one, too."""
    await house.person("alice")
    credentials = {"email": "alice@example.com", "password": PASSWORD}
    account = {"email": "carol@example.com", "password": "a long secret"}
    sent = headers(origin, fetch_site)

    signed_in = await house.client().post(
        "/users/sign_in", json={"user": credentials}, headers=sent
    )
    signed_up = await house.client().post("/users", json={"user": account}, headers=sent)

    assert verdict(signed_in) == verdict(signed_up) == expected


@pytest.mark.parametrize("path", ["/users/sign_out", "/conversations", "/conversations/1/messages"])
async def test_every_unsafe_request_with_a_cookie_is_guarded(house: House, path: str) -> None:
    alice = await house.person("alice")
    foreign = {"Origin": EVIL}

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await alice.client.request(method, path, json={}, headers=foreign)
        assert refusal(answer) == (403, "cross_site")
    assert (await alice.client.get("/users/me")).status_code == 200, "she is still signed in"


async def test_without_a_cookie_there_is_nothing_to_abuse(house: House) -> None:
    answer = await house.client().post("/conversations", json={}, headers={"Origin": EVIL})

    assert refusal(answer)[1] != "cross_site"


@pytest.mark.parametrize("path", ["/users/me", "/conversations", "/users?query=al", "/up", "/"])
async def test_reading_is_never_refused(house: House, path: str) -> None:
    """Another site cannot read the answer."""
    alice = await house.person("alice")

    for origin, fetch_site, _ in BROWSERS:
        answer = await alice.client.get(path, headers=headers(origin, fetch_site))
        assert answer.status_code == 200


async def test_no_site_is_invited_to_read(house: House) -> None:
    alice = await house.person("alice")

    answer = await alice.client.get("/users/me", headers={"Origin": EVIL})

    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("authorization", ["Basic YTpi", "Digest x", "Bearerx", ""])
async def test_no_other_header_switches_the_check_off(house: House, authorization: str) -> None:
    alice = await house.person("alice")

    answer = await alice.client.patch(
        "/users/me",
        json={"name": "Changed"},
        headers={"Origin": EVIL, "Authorization": authorization},
    )

    assert refusal(answer) == (403, "cross_site")


async def test_the_cookie_is_found_among_others(house: House) -> None:
    alice = await house.person("alice")
    jars = [
        f"a=b; {alice.cookie}",
        f"{alice.cookie};a=b",
        f"a=b;{alice.cookie}",
        f" {alice.cookie}",
        alice.cookie.replace("=", " =", 1),
    ]

    for jar in jars:
        me = await house.client().get("/users/me", headers={"Cookie": jar})
        assert me.status_code == 200, "it is one to who reads it"
        answer = await house.client().patch(
            "/users/me", json={"name": "x"}, headers={"Origin": EVIL, "Cookie": jar}
        )
        assert refusal(answer) == (403, "cross_site")


async def test_the_operator_may_name_other_origins(settings: Settings, engine: AsyncEngine) -> None:
    allowed = "https://chat.example.com, https://Other.example/"
    async with house_with(settings, engine, allowed_origins=allowed) as house:
        alice = await house.person("alice")

        async def patch(origin: str) -> bool:
            edit = {"name": "x"}
            return verdict(
                await alice.client.patch("/users/me", json=edit, headers={"Origin": origin})
            )

        assert await patch("https://chat.example.com") == WELCOME
        assert await patch("https://other.example") == WELCOME
        assert await patch(OURS) == WELCOME
        assert await patch("http://chat.example.com") == REFUSED
        assert await patch("https://chat.example.com.evil.example") == REFUSED
        assert await patch("null") == REFUSED
