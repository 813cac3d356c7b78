"""DELETE /users/sign_out"""

from sqlalchemy import func, select

from app.models import Login
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.factories import House


async def test_signing_out_kills_a_captured_cookie(house: House) -> None:
    alice = await house.person("alice")
    captured = alice.cookie.partition("=")[2]
    assert (await who_is(house, captured)).status_code == 200

    signed_out = await alice.client.delete("/users/sign_out")

    assert signed_out.status_code == 204
    assert signed_out.content == b""
    assert refusal(await who_is(house, captured)) == (401, "unauthenticated")


async def test_signing_out_takes_the_cookie_away(house: House) -> None:
    alice = await house.person("alice")

    cookie = session_cookie(await alice.client.delete("/users/sign_out"))

    assert cookie.value == ""
    assert cookie["max-age"] == "0"
    assert cookie["path"] == "/"


async def test_signing_out_ends_this_login_only(house: House) -> None:
    await house.person("alice")
    one = session_cookie(await sign_in(house, "alice@example.com")).value
    other = session_cookie(await sign_in(house, "alice@example.com")).value

    await house.client().delete("/users/sign_out", headers={"Authorization": f"Bearer {one}"})

    assert (await who_is(house, one)).status_code == 401
    assert (await who_is(house, other)).status_code == 200


async def test_signing_out_when_signed_out_is_fine(house: House) -> None:
    alice, nobody = await house.person("alice"), house.client()

    for _ in range(2):
        assert (await alice.client.delete("/users/sign_out")).status_code == 204
        assert (await nobody.delete("/users/sign_out")).status_code == 204
    garbled = await nobody.delete("/users/sign_out", headers={"cookie": "_chatflow_session=x"})
    assert garbled.status_code == 204


async def test_signing_out_leaves_no_row(house: House) -> None:
    alice = await house.person("alice")

    await alice.client.delete("/users/sign_out")

    async with house.session() as session:
        assert await session.scalar(select(func.count()).select_from(Login)) == 0
