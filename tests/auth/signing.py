"""Signing in and up, as a client does it."""

from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx

from app.auth.access import SESSION_COOKIE
from tests.factories import PASSWORD, House


async def sign_in(
    house: House, email: str, password: str = PASSWORD, **fields: Any
) -> httpx.Response:
    """From a device that has never been here."""
    who = {"email": email, "password": password} | fields
    return await house.client().post("/users/sign_in", json={"user": who})


async def sign_up(house: House, **fields: Any) -> httpx.Response:
    who = {"email": "carol@example.com", "password": "a long secret"} | fields
    return await house.client().post("/users", json={"user": who})


def session_cookie(response: httpx.Response) -> Morsel[str]:
    """What the answer sets, with its attributes."""
    return SimpleCookie(response.headers["set-cookie"])[SESSION_COOKIE]


async def who_is(house: House, cookie: str) -> httpx.Response:
    """`cookie` is the value alone."""
    headers = {b"cookie": f"{SESSION_COOKIE}={cookie}".encode()}
    return await house.client().get("/users/me", headers=headers)
