"""A hostile one with a list of passwords, a stolen cookie and twenty connections gets nowhere."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import count

import httpx
import pytest

from tests.accounts.links import RESET_SUBJECT
from tests.answers import refusal
from tests.realtime.sockets import Cable
from tests.system.resident import NEW_PASSWORD, PASSWORD, Resident, cookie_of
from tests.system.street import Street, open_street
from tests.system.waiting import until

# Another number for each limit, so that none can pass for another.
GUESSES_OF_ONE, GUESSES_OF_ALL, PROOFS, ACCOUNTS, MAILS = 4, 7, 9, 12, 3
AT_ONCE = 20
RATES = {
    "sign_in_rate": f"{GUESSES_OF_ONE}/hour",
    "sign_in_account_rate": f"{GUESSES_OF_ALL}/hour",
    "proof_rate": f"{PROOFS}/hour",
    "registration_rate": f"{ACCOUNTS}/hour",
    "mail_rate_account": f"{MAILS}/hour",
}
WORDS = [f"guess number {number}" for number in range(AT_ONCE)]

_addresses = (f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in count())
_names = count()


def elsewhere() -> str:
    """An address that nobody has come from."""
    return next(_addresses)


@pytest.fixture(scope="module")
async def street() -> AsyncIterator[Street]:
    async with open_street(confirmation_required="true", **RATES) as street:
        yield street


@pytest.fixture
async def alice(street: Street) -> Resident:
    alice = Resident(street, f"alice{next(_names)}", street.client(elsewhere()))
    await alice.moves_in()
    return alice


async def sign_in(street: Street, email: str, password: str, address: str) -> httpx.Response:
    """By a connection of its own, so that both workers get some."""
    user = {"email": email, "password": password}
    return await street.client(address).post("/users/sign_in", json={"user": user})


# A list of passwords.


async def test_twenty_guesses_at_once_are_as_many_as_the_limit_allows(alice: Resident) -> None:
    address = elsewhere()
    answers = await asyncio.gather(
        *(sign_in(alice.street, alice.email, word, address) for word in WORDS)
    )

    counted = Counter(answer.status_code for answer in answers)
    assert counted == {401: GUESSES_OF_ONE, 429: AT_ONCE - GUESSES_OF_ONE}
    late = await sign_in(alice.street, alice.email, PASSWORD, address)
    assert refusal(late) == (429, "too_many")
    assert int(late.headers["retry-after"]) > 60
    assert (await alice.signs_in()).status_code == 200, "she comes from elsewhere"


async def test_the_right_one_in_the_middle_of_the_list_is_not_found(alice: Resident) -> None:
    address = elsewhere()
    middle = AT_ONCE // 2

    statuses = [
        (await sign_in(alice.street, alice.email, word, address)).status_code
        for word in [*WORDS[:middle], PASSWORD, *WORDS[middle:]]
    ]

    assert statuses == [401] * GUESSES_OF_ONE + [429] * (AT_ONCE + 1 - GUESSES_OF_ONE)
    assert (await alice.activity()).count("sign_in_failed") == GUESSES_OF_ONE


async def test_within_the_limit_the_right_one_gets_in(alice: Resident) -> None:
    address = elsewhere()
    assert (await sign_in(alice.street, alice.email, "a guess", address)).status_code == 401

    assert (await sign_in(alice.street, alice.email, PASSWORD, address)).status_code == 200


async def test_twenty_addresses_at_once_have_no_more_guesses_than_the_account(
    alice: Resident,
) -> None:
    answers = await asyncio.gather(
        *(sign_in(alice.street, alice.email, word, elsewhere()) for word in WORDS)
    )

    counted = Counter(answer.status_code for answer in answers)
    assert counted == {401: GUESSES_OF_ALL, 429: AT_ONCE - GUESSES_OF_ALL}
    stranger = await sign_in(alice.street, alice.email, PASSWORD, elsewhere())
    assert refusal(stranger) == (429, "account_locked")
    assert (await alice.signs_in()).status_code == 200, "nobody locks her out"
    letter = await alice.street.letter(alice.email, "Your ChatFlow account is locked for strangers")
    moved = alice.street.client(elsewhere())
    assert (await moved.get(letter.link)).status_code == 200
    assert (await alice.signs_in(moved)).status_code == 200


async def test_an_address_that_is_made_up_gets_nobody_more_guesses(alice: Resident) -> None:
    address, statuses = elsewhere(), []
    for number, word in enumerate(WORDS):
        made_up = {
            "X-Forwarded-For": f"198.51.100.{number}",
            "Forwarded": f"for=198.51.100.{number}",
        }
        user = {"email": alice.email, "password": word}
        liar = alice.street.client(address)
        answer = await liar.post("/users/sign_in", json={"user": user}, headers=made_up)
        statuses.append(answer.status_code)

    assert Counter(statuses) == {401: GUESSES_OF_ONE, 429: AT_ONCE - GUESSES_OF_ONE}
    told = (await alice.browser.get("/users/activity")).json()
    assert {one["address"] for one in told if one["name"] == "sign_in_failed"} == {address}


# A stolen cookie.


async def test_a_stolen_cookie_changes_nothing_that_matters(alice: Resident) -> None:
    thief = alice.street.client(elsewhere(), **cookie_of(alice.browser))
    assert (await thief.get("/users/me")).json()["id"] == alice.id, "it opens the house"

    guess = {"current_password": "a guess"}
    for method, path, body in (
        ("PUT", "/users", {"user": {"email": "thief@example.com"} | guess}),
        ("PATCH", "/users", {"user": {"password": NEW_PASSWORD} | guess}),
        ("DELETE", "/users", {"user": guess}),
        ("POST", "/users/tokens", {"name": "Mine", "scope": "write"} | guess),
        ("POST", "/users/second_factor", guess),
        ("DELETE", "/users/second_factor", guess),
        ("POST", "/users/second_factor/recovery_codes", guess),
    ):
        answer = await thief.request(method, path, json=body)
        assert refusal(answer)[0] == 422, f"{method} {path}"
        assert answer.json()["code"].endswith("current_password_invalid")
    enrolled = await thief.put("/users/second_factor", json={"otp_attempt": "123456"})
    assert refusal(enrolled) == (404, "not_found"), "there is nothing to turn on"

    assert (await alice.browser.get("/users/me")).json()["email"] == alice.email
    assert (await alice.browser.get("/users/tokens")).json() == []
    assert (await alice.signs_in()).status_code == 200
    await alice.makes_token("write")


async def test_it_guesses_the_password_as_seldom_as_anybody(alice: Resident) -> None:
    thief = alice.street.client(elsewhere(), **cookie_of(alice.browser))

    async def guess(word: str) -> int:
        draft = {"name": "Mine", "current_password": word}
        return (await thief.post("/users/tokens", json=draft)).status_code

    statuses = await asyncio.gather(*map(guess, WORDS))

    assert Counter(statuses) == {422: PROOFS, 429: AT_ONCE - PROOFS}


async def test_it_ends_on_both_workers_when_its_owner_says_so(alice: Resident) -> None:
    bob = Resident(alice.street, f"bob{next(_names)}", alice.street.client(elsewhere()))
    await bob.moves_in()
    conversation_id = await alice.begins_conversation(bob)
    stolen = cookie_of(alice.browser)
    new_browser = alice.street.client(elsewhere())
    assert (await alice.signs_in(new_browser)).status_code == 200

    async with AsyncExitStack() as open_sockets:
        cables: dict[int, Cable] = {}
        while len(cables) < 2:
            cable = await open_sockets.enter_async_context(
                alice.street.cable(conversation_id, stolen)
            )
            cables[alice.street.worker_behind(cable.socket)] = cable
        assert (await new_browser.delete("/users/logins")).status_code == 204
        for cable in cables.values():
            assert await cable.goodbye() == (4401, "unauthenticated")

    for _ in range(10):
        thief = alice.street.client(elsewhere(), **stolen)
        assert (await thief.get("/users/me")).status_code == 401
    assert (await new_browser.get("/users/me")).status_code == 200


# Floods.


async def test_a_flood_of_registrations_ends_at_the_limit(street: Street) -> None:
    address = elsewhere()

    answers = await asyncio.gather(
        *(register(street, f"flood{number}@example.com", address) for number in range(AT_ONCE))
    )

    counted = Counter(answer.status_code for answer in answers)
    assert counted == {202: ACCOUNTS, 429: AT_ONCE - ACCOUNTS}
    assert (await register(street, "neighbour@example.com", elsewhere())).status_code == 202


async def register(street: Street, email: str, address: str) -> httpx.Response:
    user = {"email": email, "password": PASSWORD}
    return await street.client(address).post("/users", json={"user": user})


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/users/password", RESET_SUBJECT),
        ("/users/unlock", "Your ChatFlow account is locked for strangers"),
    ],
)
async def test_a_flood_of_wishes_brings_a_few_mails(
    alice: Resident, path: str, subject: str
) -> None:
    async def ask(number: int) -> int:
        spelling = alice.email.upper() if number % 2 else f" {alice.email} "
        flooder = alice.street.client(elsewhere())
        return (await flooder.post(path, json={"user": {"email": spelling}})).status_code

    statuses = await asyncio.gather(*map(ask, range(AT_ONCE)))

    assert Counter(statuses) == {202: MAILS, 429: AT_ONCE - MAILS}
    await until(lambda: len(alice.street.letters(alice.email, subject)) == MAILS)


# Who has an account?


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/users/sign_in", {"password": "a guess"}),
        ("/auth/login", {"password": "a guess"}),
        ("/users", {"password": PASSWORD}),
        ("/users", {"password": "12345678"}),
        ("/users/password", {}),
        ("/users/confirmation", {}),
        ("/users/unlock", {}),
    ],
)
async def test_no_answer_tells_who_has_an_account(
    alice: Resident, path: str, fields: dict[str, str]
) -> None:
    known, unknown = [
        await what_is_told(alice.street, path, {"email": email} | fields)
        for email in (alice.email, f"nobody{next(_names)}@example.com")
    ]

    assert known == unknown


async def what_is_told(
    street: Street, path: str, user: dict[str, str]
) -> tuple[int, set[str], dict[str, object]]:
    """Shape: (status, names of the headers, body without the id of the request)"""
    answer = await street.client(elsewhere()).post(path, json={"user": user})
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, set(answer.headers), body


async def test_nor_does_being_locked_out(alice: Resident) -> None:
    """Of somebody and of nobody, all that is told until the last guess and one more."""
    told = []
    for email in (alice.email, f"nobody{next(_names)}@example.com"):
        answers = [
            await sign_in(alice.street, email, word, elsewhere())
            for word in WORDS[: GUESSES_OF_ALL + 1]
        ]
        told.append([refusal(answer) for answer in answers])

    assert told[0] == told[1]
    assert told[0][-1] == (429, "account_locked")


async def test_who_registers_somebody_elses_address_gets_nothing(alice: Resident) -> None:
    thief = Resident(alice.street, f"thief{next(_names)}", alice.street.client(elsewhere()))
    user = {"email": alice.email, "password": NEW_PASSWORD, "username": thief.username}
    assert (await thief.browser.post("/users", json={"user": user})).status_code == 202

    await alice.street.letter(alice.email, "You have a ChatFlow account already")
    answer = await sign_in(alice.street, alice.email, NEW_PASSWORD, elsewhere())
    assert refusal(answer) == (401, "unconfirmed")
    assert (await alice.signs_in()).status_code == 200


# Links that lead elsewhere.


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Server", "Origin"])
async def test_links_lead_to_us_whatever_the_request_says(alice: Resident, header: str) -> None:
    hostile = alice.street.client(elsewhere())

    answer = await hostile.post(
        "/users/password", json={"user": {"email": alice.email}}, headers={header: "evil.example"}
    )

    if header == "Origin":
        assert refusal(answer) == (403, "cross_site")
    else:
        assert answer.status_code == 202
        letter = await alice.street.letter(alice.email, RESET_SUBJECT)
        assert letter.link.startswith(f"{alice.street.url}/users/password/edit?")
        assert "evil" not in letter.message.as_string()
