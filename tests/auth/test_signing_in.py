"""POST /users/sign_in"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.answers import read_error, refusal
from tests.auth.signing import session_cookie, sign_in, who_is
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import PASSWORD, House
from tests.houses import changed, house_with


async def test_signing_in_answers_who_one_is(house: House) -> None:
    alice = await house.person("alice", name="Alice", avatar_url="https://example.com/a.png")

    answer = await sign_in(house, "alice@example.com")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "user": {
            "id": alice.id,
            "email": "alice@example.com",
            "username": "alice",
            "name": "Alice",
            "avatar_url": "https://example.com/a.png",
        },
    }


async def test_the_cookie_opens_the_house(house: House) -> None:
    alice = await house.person("alice")
    answer = await sign_in(house, "alice@example.com")

    me = await who_is(house, session_cookie(answer).value)

    assert me.json()["id"] == alice.id


async def test_a_cookie_jar_carries_the_session(house: House) -> None:
    alice, client = await house.person("alice"), house.client()

    await client.post(
        "/users/sign_in", json={"user": {"email": "alice@example.com", "password": PASSWORD}}
    )

    assert (await client.get("/users/me")).json()["id"] == alice.id


async def test_a_wrong_password_and_an_unknown_email_ask_the_same_of_the_database(
    house: House,
) -> None:
    """Or the time would tell who has an account."""
    await house.person("alice")
    asked = []
    for email in ("alice@example.com", "nobody@example.com"):
        async with count_queries(house) as statements:
            assert (await sign_in(house, email, "not the password")).status_code == 401
        asked.append(statements)

    assert asked[0] == asked[1]


async def test_a_wrong_password_and_an_unknown_email_look_the_same(house: House) -> None:
    await house.person("alice")

    wrong = await sign_in(house, "alice@example.com", "not the password")
    unknown = await sign_in(house, "nobody@example.com", "not the password")
    right = await sign_in(house, "alice@example.com")

    assert refusal(wrong) == refusal(unknown) == (401, "invalid_credentials")
    for answer in (wrong, unknown):
        assert answer.json()["error"] == "Invalid Email or password."
        assert "set-cookie" not in answer.headers
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert right.status_code == 200


@pytest.mark.parametrize(
    "email", ["ALICE@Example.COM", "  alice@example.com\n", "\tAlice@example.com "]
)
async def test_an_email_is_trimmed_and_its_case_does_not_matter(house: House, email: str) -> None:
    alice = await house.person("alice")

    answer = await sign_in(house, email)

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == alice.id
    assert answer.json()["user"]["email"] == "alice@example.com"


async def test_the_case_of_a_password_matters(house: House) -> None:
    await house.person("alice")

    assert refusal(await sign_in(house, "alice@example.com", PASSWORD.upper()))[0] == 401
    assert refusal(await sign_in(house, "alice@example.com", f" {PASSWORD}"))[0] == 401


async def test_passwords_are_not_cut_off_at_72_bytes(house: House) -> None:
    beginning = "évidemment, où sont passées les clés d'été ? " * 2
    assert len(beginning.encode()) > 72
    carol = {"email": "carol@example.com", "password": beginning + "right"}
    await house.client().post("/users", json={"user": carol})

    wrong = await sign_in(house, "carol@example.com", beginning + "wrong")
    right = await sign_in(house, "carol@example.com", beginning + "right")

    assert refusal(wrong) == (401, "invalid_credentials")
    assert right.status_code == 200


async def test_two_devices_have_logins_of_their_own(house: House) -> None:
    await house.person("alice")

    one = session_cookie(await sign_in(house, "alice@example.com")).value
    other = session_cookie(await sign_in(house, "alice@example.com")).value

    assert one != other
    assert (await who_is(house, one)).status_code == 200
    assert (await who_is(house, other)).status_code == 200


async def test_the_cookie_that_came_along_is_not_taken_over(house: House) -> None:
    """Session fixation: whoever planted a cookie must not own the login that follows."""
    alice, mallory = await house.person("alice"), await house.person("mallory")
    planted = mallory.cookie.partition("=")[2]

    answer = await mallory.client.post(
        "/users/sign_in", json={"user": {"email": "alice@example.com", "password": PASSWORD}}
    )

    fresh = session_cookie(answer).value
    assert fresh != planted
    assert (await who_is(house, fresh)).json()["id"] == alice.id
    assert (await who_is(house, planted)).json()["id"] == mallory.id


MISTAKES: list[tuple[Any, str]] = [
    ({}, "user_blank"),
    ({"user": None}, "user_not_an_object"),
    ({"user": []}, "user_not_an_object"),
    ({"user": {"email": "alice@example.com"}}, "password_blank"),
    ({"user": {"password": PASSWORD}}, "email_blank"),
    ({"user": {"email": 1, "password": PASSWORD}}, "email_not_a_string"),
    ({"user": {"email": "alice@example.com", "password": None}}, "password_not_a_string"),
    ({"user": {"email": "a\0b", "password": PASSWORD}}, "email_invalid"),
    ({"user": {"email": "alice@example.com", "password": "x" * 1_001}}, "password_too_long"),
    ({"user": {}}, "invalid"),
]


@pytest.mark.parametrize(("body", "code"), MISTAKES, ids=[code for _, code in MISTAKES])
async def test_what_cannot_be_credentials_is_422(house: House, body: Any, code: str) -> None:
    answer = await house.client().post("/users/sign_in", json=body)

    assert refusal(answer) == (422, code)


async def test_an_email_that_is_far_too_long_is_refused(house: House) -> None:
    """It is part of a key in Redis."""
    answer = await sign_in(house, "x" * 100_000 + "@example.com")

    assert refusal(answer)[0] == 422


async def test_a_refusal_does_not_repeat_what_was_submitted(house: House) -> None:
    answer = await sign_in(house, "swordfish@example.com", "swordfish")

    assert read_error(answer)["code"] == "invalid_credentials"
    assert "swordfish" not in answer.text


async def test_too_many_at_the_door_are_told_to_come_back(
    settings: Settings, live_house: House
) -> None:
    """Bcrypt is slow on purpose: a queue without an end would be how to stop us."""
    busy = changed(settings, password_bcrypt_rounds=10, password_threads=1, password_queue_max=1)
    await live_house.person("alice")
    async with serve(busy) as house:
        answers = await asyncio.gather(
            *(sign_in(house, "nobody@example.com", f"guess {n}") for n in range(12))
        )
        afterwards = await sign_in(house, "alice@example.com")

    counts = Counter(refusal(answer) for answer in answers)
    assert set(counts) == {(401, "invalid_credentials"), (503, "unavailable")}
    assert counts[401, "invalid_credentials"] >= 2
    turned_away = [answer for answer in answers if answer.status_code == 503]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in turned_away)
    assert afterwards.status_code == 200


async def test_signing_in_still_works_after_a_quarrel_over_settings(
    settings: Settings, engine: AsyncEngine
) -> None:
    """A password that a later rule would refuse still opens its account."""
    async with house_with(settings, engine, password_min_characters=12) as house:
        await house.person("alice")

        assert (await sign_in(house, "alice@example.com")).status_code == 200


async def test_an_unknown_email_costs_as_many_hashes_as_a_wrong_password(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is bcrypt's, so who counts its calls need not measure."""
    await house.person("alice")
    context = house.state["passwords"]._context
    verify, verified = context.verify, []

    def count(secret: str | bytes, hashed: str) -> bool:
        verified.append(hashed)
        right: bool = verify(secret, hashed)
        return right

    monkeypatch.setattr(context, "verify", count)
    for email in ("alice@example.com", "nobody@example.com"):
        credentials = {"email": email, "password": "wrong"}
        answer = await house.client().post("/users/sign_in", json={"user": credentials})
        assert answer.status_code == 401

    rounds = [hashed.split("r=")[1].split("$")[0] for hashed in verified]
    assert rounds == ["4", "4"]
