"""POST /auth/login and DELETE /auth/logout: a JWT in `Authorization`, as devise-jwt has it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from pydantic import SecretStr
from sqlalchemy import update

from app.auth.access import Seal
from app.auth.actions import FrontDesk
from app.kit.settings import DEVELOPMENT_KEY
from app.models import Login
from tests.answers import refusal
from tests.factories import PASSWORD, House

FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


async def log_in(house: House, **fields: Any) -> str:
    """Answers what `Authorization` has to be."""
    user = {"email": "alice@example.com", "password": PASSWORD} | fields
    answer = await house.client().post("/auth/login", json={"user": user})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    return answer.headers["authorization"]


async def who_carries(house: House, authorization: str) -> Any:
    return await house.client().get("/users/me", headers={"Authorization": authorization})


async def test_a_jwt_signs_in(house: House) -> None:
    alice = await house.person("alice")

    authorization = await log_in(house)

    assert authorization.startswith("Bearer ey")
    assert (await who_carries(house, authorization)).json()["id"] == alice.id


async def test_the_answer_is_that_of_signing_in_with_a_cookie(house: House) -> None:
    await house.person("alice")
    user = {"email": "alice@example.com", "password": PASSWORD}

    by_jwt = await house.client().post("/auth/login", json={"user": user})
    by_cookie = await house.client().post("/users/sign_in", json={"user": user})
    wrong = await house.client().post("/auth/login", json={"user": user | {"password": "a guess"}})

    assert by_jwt.json() == by_cookie.json()
    assert refusal(wrong) == (401, "invalid_credentials")
    assert "authorization" not in wrong.headers


async def test_its_claims_are_those_of_devise_jwt(house: House) -> None:
    alice = await house.person("alice")

    token = (await log_in(house)).removeprefix("Bearer ")

    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"sub", "scp", "iat", "exp", "jti"}
    assert (claims["sub"], claims["scp"]) == (str(alice.id), "user")
    assert claims["exp"] - claims["iat"] == 30 * 86_400
    async with house.session() as session:
        login = await session.get(Login, int(claims["jti"].split(".")[0]))
    assert login
    assert login.user_id == alice.id


async def test_logging_out_ends_it(house: House) -> None:
    alice = await house.person("alice")
    ended, stays = await log_in(house), await log_in(house)

    answer = await house.client().delete("/auth/logout", headers={"Authorization": ended})

    assert answer.status_code == 204
    assert refusal(await who_carries(house, ended)) == (401, "unauthenticated")
    assert (await who_carries(house, stays)).status_code == 200
    assert (await alice.client.get("/users/me")).status_code == 200
    assert (await house.client().delete("/auth/logout")).status_code == 204


async def test_it_ends_with_its_login(house: House) -> None:
    alice = await house.person("alice")
    authorization = await log_in(house)
    assert [login["carrier"] for login in (await alice.client.get("/users/logins")).json()] == [
        "jwt",
        "cookie",
    ]

    await alice.client.delete("/users/logins")

    assert refusal(await who_carries(house, authorization)) == (401, "unauthenticated")


async def test_the_row_is_asked_whatever_the_jwt_says(house: House) -> None:
    """Its own `exp` lies in the future."""
    await house.person("alice")
    authorization = await log_in(house)
    async with house.session() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(Login).values(expires_at=past))

    assert refusal(await who_carries(house, authorization)) == (401, "unauthenticated")


async def test_it_needs_no_cross_site_check(house: House) -> None:
    await house.person("alice")
    headers = FOREIGN | {"Authorization": await log_in(house)}

    edited = await house.client().patch("/users/me", json={"name": "Alicia"}, headers=headers)

    assert edited.json()["user"]["name"] == "Alicia"


def forgeries(token: str) -> dict[str, str]:
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    header, body, signature = token.split(".")
    key = b"k" * 32

    def signed(algorithm: str, **headers: Any) -> str:
        return jwt.encode(claims, "" if algorithm == "none" else key, algorithm, headers=headers)

    return {
        "no algorithm": signed("none", kid=kid),
        "another key": signed("HS256", kid=kid),
        "another key by its own id": signed("HS256", kid="mine"),
        "no key id": signed("HS256"),
        "a key id that is a number": signed("HS256", kid="7"),
        "no signature": f"{header}.{body}.",
        "another body": f"{header}.{body[:-4]}AAAA.{signature}",
        "two parts": f"{header}.{body}",
        "four parts": f"{token}.x",
        "not base64": f"ey!.{body}.{signature}",
        "empty parts": "ey..",
        "much": "ey" + "J" * 10_000,
    }


async def test_a_forged_one_is_nobody(house: House) -> None:
    await house.person("alice")
    authorization = await log_in(house)
    assert (await who_carries(house, authorization)).status_code == 200

    for kind, forged in forgeries(authorization.removeprefix("Bearer ")).items():
        answer = await who_carries(house, f"Bearer {forged}")
        assert refusal(answer) == (401, "unauthenticated"), kind


async def test_a_leaked_key_alone_signs_nobody_in(house: House) -> None:
    """The secret in `jti` is not derived from it."""
    alice = await house.person("alice")
    await log_in(house)
    seal = house.state["seal"]
    async with house.session() as session:
        login = await session.get(Login, int(alice.cookie.partition("=")[2].split(".")[0]))
    assert login

    login.carrier = "jwt"
    forged = seal.close(login, "guessed")

    assert refusal(await who_carries(house, f"Bearer {forged}")) == (401, "unauthenticated")


def restart_with_keys(house: House, *keys: str) -> None:
    secrets = tuple(SecretStr(key) for key in keys)
    settings = house.state["settings"].model_copy(update={"secret_keys": secrets})
    seal = Seal(settings)
    house.state.update(seal=seal, front_desk=FrontDesk(settings, seal))


async def test_keys_rotate_by_their_id(house: House) -> None:
    """The first key signs, and all verify: what was signed before a rotation is good after it."""
    await house.person("alice")
    before = await log_in(house)

    restart_with_keys(house, "the newest key", DEVELOPMENT_KEY)
    after = await log_in(house)

    assert key_id(before) != key_id(after)
    assert (await who_carries(house, before)).status_code == 200
    assert (await who_carries(house, after)).status_code == 200
    restart_with_keys(house, "the newest key")
    assert refusal(await who_carries(house, before)) == (401, "unauthenticated")
    assert (await who_carries(house, after)).status_code == 200


def key_id(authorization: str) -> str:
    kid: str = jwt.get_unverified_header(authorization.removeprefix("Bearer "))["kid"]
    return kid
