"""`Authorization: Bearer`, for clients without a cookie jar."""

import pytest

from tests.answers import refusal
from tests.factories import House


async def test_the_cookies_value_is_a_bearer_token(house: House) -> None:
    alice = await house.person("alice")
    token = alice.cookie.partition("=")[2]

    for scheme in ("Bearer", "bearer", "BEARER"):
        me = await house.client().get("/users/me", headers={"Authorization": f"{scheme} {token}"})
        assert me.json()["id"] == alice.id


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Bearer 1.x.y", "Basic YTpi", "x", "", "Bearer \xff"],
)
async def test_anything_else_is_nobody(house: House, header: str) -> None:
    await house.person("alice")
    headers = {b"authorization": header.encode("latin-1")}

    assert refusal(await house.client().get("/users/me", headers=headers)) == (
        401,
        "unauthenticated",
    )


async def test_a_basic_header_does_not_hide_the_cookie(house: House) -> None:
    alice = await house.person("alice")

    me = await alice.client.get("/users/me", headers={"Authorization": "Basic YTpi"})

    assert me.json()["id"] == alice.id


async def test_the_token_wins_over_the_cookie(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    token = bob.cookie.partition("=")[2]

    me = await alice.client.get("/users/me", headers={"Authorization": f"Bearer {token}"})
    nobody = await alice.client.get("/users/me", headers={"Authorization": "Bearer garbage"})

    assert me.json()["id"] == bob.id
    assert refusal(nobody) == (401, "unauthenticated")


async def test_a_token_needs_no_cross_site_check(house: House) -> None:
    alice = await house.person("alice")
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    token = {"Authorization": f"Bearer {alice.cookie.partition('=')[2]}"}
    edit = {"user": {"name": "Alicia"}}

    by_token = await house.client().patch("/users/me", json=edit, headers=foreign | token)
    by_cookie = await alice.client.patch("/users/me", json=edit, headers=foreign)

    assert by_token.status_code == 200
    assert refusal(by_cookie) == (403, "cross_site")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer  "])
async def test_an_empty_token_does_not_let_the_cookie_in_unchecked(
    house: House, header: str
) -> None:
    alice = await house.person("alice")

    answer = await alice.client.patch(
        "/users/me",
        json={"name": "Changed"},
        headers={"Origin": "https://elsewhere.example", "Authorization": header},
    )

    assert refusal(answer) == (403, "cross_site")
    assert (await alice.client.get("/users/me")).json()["name"] == "Alice"


async def test_the_token_ends_with_its_login(house: House) -> None:
    alice = await house.person("alice")
    headers = {"Authorization": f"Bearer {alice.cookie.partition('=')[2]}"}

    signed_out = await house.client().delete("/users/sign_out", headers=headers)

    assert signed_out.status_code == 204
    assert refusal(await house.client().get("/users/me", headers=headers)) == (
        401,
        "unauthenticated",
    )
