"""POST /users"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from app.models import User
from tests.answers import read_error, refusal
from tests.auth.signing import session_cookie, sign_in, sign_up, who_is
from tests.factories import House
from tests.houses import house_with


async def test_signing_up_makes_an_account_and_signs_in(house: House) -> None:
    answer = await sign_up(
        house,
        email="Carol@Example.com ",
        password="a long secret",
        password_confirmation="a long secret",
        username="carol",
        name="Carol C.",
        avatar_url="https://example.com/carol.png",
    )

    assert answer.status_code == 201
    user = answer.json()["user"]
    assert answer.json() == {
        "status": "success",
        "user": {
            "id": user["id"],
            "email": "carol@example.com",
            "username": "carol",
            "name": "Carol C.",
            "avatar_url": "https://example.com/carol.png",
        },
    }
    me = (await who_is(house, session_cookie(answer).value)).json()
    assert me == user | {"show_presence": True, "read_receipts": True}
    assert (await sign_in(house, "carol@example.com", "a long secret")).status_code == 200


async def test_an_email_and_a_password_are_enough(house: House) -> None:
    user = (await sign_up(house)).json()["user"]

    assert user["username"] is user["name"] is user["avatar_url"] is None


async def test_several_people_may_be_without_a_username(house: House) -> None:
    assert (await sign_up(house, email="one@example.com")).status_code == 201
    assert (await sign_up(house, email="two@example.com", username="")).status_code == 201


async def test_the_password_is_not_stored(house: House) -> None:
    await sign_up(house, password="swordfish on a plate")

    async with house.session() as session:
        hashed = await session.scalar(select(User.encrypted_password))
    assert hashed.startswith("$bcrypt-sha256$")
    assert "swordfish" not in hashed


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"email": None}, "email_not_a_string", "Email must be a string"),
    ({"email": ""}, "email_blank", "Email can't be blank"),
    ({"email": "  "}, "email_blank", "Email can't be blank"),
    ({"email": "carol"}, "email_invalid", "Email is invalid"),
    ({"email": "@example.com"}, "email_invalid", "Email is invalid"),
    ({"email": "carol@"}, "email_invalid", "Email is invalid"),
    ({"email": "a@b@c"}, "email_invalid", "Email is invalid"),
    ({"email": "ca rol@example.com"}, "email_invalid", "Email is invalid"),
    ({"email": "car\u200bol@example.com"}, "email_invalid", "Email is invalid"),
    (
        {"email": "x" * 243 + "@example.com"},
        "email_too_long",
        "Email is too long (maximum is 254 characters)",
    ),
    ({"password": None}, "password_not_a_string", "Password must be a string"),
    ({"password": ""}, "password_blank", "Password can't be blank"),
    (
        {"password": "kX9$qLw"},
        "password_too_short",
        "Password is too short (minimum is 8 characters)",
    ),
    (
        {"password": "password1"},
        "password_too_easy",
        "Password is too easy to guess: it is a common password, or nearly one",
    ),
    (
        {"password": "carol@example.com"},
        "password_too_easy",
        "Password is too easy to guess: it is made of your own e-mail address or name",
    ),
    (
        {"password": "x" * 129},
        "password_too_long",
        "Password is too long (maximum is 128 characters)",
    ),
    (
        {"password_confirmation": "another"},
        "password_confirmation_confirmation",
        "Password confirmation doesn't match Password",
    ),
    (
        {"password_confirmation": ""},
        "password_confirmation_confirmation",
        "Password confirmation doesn't match Password",
    ),
    ({"username": "ab"}, "username_too_short", "Username is too short (minimum is 3 characters)"),
    (
        {"username": "x" * 33},
        "username_too_long",
        "Username is too long (maximum is 32 characters)",
    ),
    ({"username": 123}, "username_not_a_string", "Username must be a string"),
    ({"name": "x" * 101}, "name_too_long", "Name is too long (maximum is 100 characters)"),
    (
        {"avatar_url": "javascript:alert(1)"},
        "avatar_url_invalid",
        "Avatar url must be an http or https address",
    ),
]


@pytest.mark.parametrize(("fields", "code", "sentence"), MISTAKES)
async def test_what_cannot_be_an_account_is_refused(
    house: House, fields: dict[str, Any], code: str, sentence: str
) -> None:
    refused = await sign_up(house, **fields)
    welcome = await sign_up(house)

    assert refusal(refused) == (422, code)
    body = refused.json()
    assert body["status"] == "error"
    assert body["errors"] == [sentence]
    assert list(body["fields"]) == list(fields)
    assert "set-cookie" not in refused.headers
    assert welcome.status_code == 201


async def test_lengths_are_inclusive(house: House) -> None:
    longest = {
        "email": "x" * 242 + "@example.com",
        "password": "a long secret " * 9 + "ok",
        "username": "x" * 32,
        "name": "x" * 100,
    }
    shortest = {"email": "a@b", "password": "kX9$qLw2", "username": "abc", "name": "x"}

    assert (await sign_up(house, **longest)).status_code == 201
    assert (await sign_up(house, **shortest)).status_code == 201


async def test_several_mistakes_are_all_named(house: House) -> None:
    refused = await sign_up(house, email="x", username="a", name="x" * 101)

    body = read_error(refused)
    assert body["code"] == "invalid"
    assert set(body["fields"]) == {"email", "username", "name"}
    assert len(body["errors"]) == 3


@pytest.mark.parametrize("email", ["carol@example.com", "CAROL@Example.com", " carol@example.com "])
async def test_an_email_is_taken_whatever_its_case(house: House, email: str) -> None:
    assert (await sign_up(house)).status_code == 201

    refused = await sign_up(house, email=email)

    assert refusal(refused) == (422, "email_taken")
    assert refused.json()["errors"] == ["Email has already been taken"]
    assert "set-cookie" not in refused.headers


TWINS = {
    "the same": ("carol", "carol"),
    "another case": ("carol", "CaRoL"),
    "another case beyond ASCII": ("žofie", "ŽOFIE"),
    "Greek": ("Ωmega", "ωmega"),
    "full width": ("carol", "ｃａｒｏｌ"),
    "a ligature": ("fiona", "ﬁona"),
    "decomposed": ("zo\xeb_1", "zoe\u0308_1"),
    "spaces around": ("carol", " carol "),
}


@pytest.mark.parametrize(("first", "second"), TWINS.values(), ids=TWINS)
async def test_a_username_is_taken_however_it_is_written(
    house: House, first: str, second: str
) -> None:
    assert (await sign_up(house, email="1@example.com", username=first)).status_code == 201

    refused = await sign_up(house, email="2@example.com", username=second)
    welcome = await sign_up(house, email="2@example.com", username=first + "2")

    assert refusal(refused) == (422, "username_taken")
    assert refused.json()["errors"] == ["Username has already been taken"]
    assert welcome.status_code == 201


async def test_nothing_that_was_submitted_is_repeated(house: House) -> None:
    refused = await sign_up(house, email="swordfish", password="sword", username="sword fish")

    assert refused.status_code == 422
    assert "sword" not in refused.text


async def test_twenty_at_once_make_one_account(live_house: House) -> None:
    answers = await asyncio.gather(
        *(sign_up(live_house, email=email) for email in ("c@x.org", "C@X.ORG") * 10)
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 19}
    refused = [answer for answer in answers if answer.status_code == 422]
    assert {refusal(answer)[1] for answer in refused} == {"email_taken"}
    async with live_house.session() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 1


async def test_twenty_at_once_make_one_of_a_username(live_house: House) -> None:
    answers = await asyncio.gather(
        *(sign_up(live_house, email=f"{n}@example.com", username="Carol") for n in range(20))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 19}


@pytest.mark.parametrize("who", [{"username": "quxorb"}, {"name": "Quxorb Anthrop"}])
async def test_a_password_is_held_against_what_others_know(
    house: House, who: dict[str, Any]
) -> None:
    refused = await sign_up(house, password="quxorb99", **who)
    welcome = await sign_up(house, password="quxorb99")

    assert refusal(refused) == (422, "password_too_easy")
    assert welcome.status_code == 201


async def test_a_password_and_its_confirmation_are_refused_together(house: House) -> None:
    refused = await sign_up(house, password="password1", password_confirmation="password2")

    assert set(read_error(refused)["fields"]) == {"password", "password_confirmation"}


async def test_the_operator_may_want_longer_passwords(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, password_min_characters=10) as house:
        assert refusal(await sign_up(house, password="kX9$qLw2+")) == (422, "password_too_short")
        assert (await sign_up(house, password="kX9$qLw2+f")).status_code == 201


async def test_the_operator_may_want_better_passwords(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with house_with(settings, engine, password_min_score=4) as house:
        assert refusal(await sign_up(house, password="kX9$qLw2")) == (422, "password_too_easy")
        assert (await sign_up(house, password="correct horse battery")).status_code == 201
