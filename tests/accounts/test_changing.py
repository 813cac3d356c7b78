"""Changing one's password and address: PUT /users"""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.kit.passwords import Passwords, Verdict
from tests.accounts.links import NEW_PASSWORD, change, confirm, subjects, token_in
from tests.answers import refusal
from tests.auth.signing import sign_in, who_is
from tests.factories import PASSWORD, House, Person
from tests.jobs import run_jobs
from tests.mailbox import Mailbox
from tests.realtime.sockets import Room

BAD_PROOF = (422, "current_password_invalid")
ALICE, NEW = "alice@example.com", "alice@new.example"
CHANGED = "The address of your ChatFlow account was changed"
ASKED = "A new address was asked for your ChatFlow account"
PASSWORD_CHANGED = "The password of your ChatFlow account was changed"


async def test_a_new_password(house: House) -> None:
    alice = await house.person("alice")

    answer = await change(alice, password=NEW_PASSWORD, password_confirmation=NEW_PASSWORD)

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == alice.id
    assert (await sign_in(house, ALICE, NEW_PASSWORD)).status_code == 200
    assert refusal(await sign_in(house, ALICE)) == (401, "invalid_credentials")


async def test_patch_is_the_same(house: House) -> None:
    alice = await house.person("alice")
    user = {"current_password": PASSWORD, "password": NEW_PASSWORD}

    assert (await alice.client.patch("/users", json={"user": user})).status_code == 200

    assert (await sign_in(house, ALICE, NEW_PASSWORD)).status_code == 200


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"current_password": "wrong"}, "current_password_invalid"),
    ({"current_password": ""}, "current_password_invalid"),
    ({"current_password": None}, "current_password_not_a_string"),
    ({"password": "short"}, "password_too_short"),
    ({"password": ""}, "password_blank"),
    ({"password_confirmation": "another"}, "password_confirmation_confirmation"),
    ({"email": "no address"}, "email_invalid"),
    ({"email": ""}, "email_blank"),
]


@pytest.mark.parametrize(("fields", "code"), REFUSED)
async def test_what_is_refused_changes_nothing(
    house: House, fields: dict[str, Any], code: str
) -> None:
    alice = await house.person("alice")
    wanted = {"password": NEW_PASSWORD, "email": NEW}

    refused = await change(alice, **(wanted | fields))

    assert refusal(refused) == (422, code)
    assert (await sign_in(house, ALICE)).status_code == 200, "all is as it was"
    assert (await change(alice, **wanted)).status_code == 200


async def test_without_the_current_password_nothing_is_changed(house: House) -> None:
    alice = await house.person("alice")

    refused = await alice.client.put("/users", json={"user": {"password": NEW_PASSWORD}})

    assert refusal(refused) == (422, "current_password_blank")
    assert (await sign_in(house, ALICE)).status_code == 200


async def test_a_password_ends_all_logins_but_the_one_that_asks(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    other = await sign_in(house, ALICE)
    other_cookie = other.cookies["_chatflow_session"]
    assert (await who_is(house, other_cookie)).status_code == 200

    assert (await change(alice, password=NEW_PASSWORD)).status_code == 200

    assert refusal(await who_is(house, other_cookie)) == (401, "unauthenticated")
    assert (await alice.client.get("/users/me")).status_code == 200
    assert (await bob.client.get("/users/me")).status_code == 200


async def test_their_sockets_end(room: Room) -> None:
    house, alice = room.house, room.alice
    other = house.client()
    who = {"user": {"email": alice.user.email, "password": PASSWORD}}
    assert (await other.post("/users/sign_in", json=who)).status_code == 200
    async with room.cable(Person(alice.user, other)) as there, room.cable(alice) as here:
        await there.next_of("welcome")
        await here.next_of("welcome")

        assert (await change(alice, password=NEW_PASSWORD)).status_code == 200

        assert await there.goodbye() == (4401, "unauthenticated")
        said = await room.say("still here")
        assert (await here.next())["message"] == said


async def test_an_address_ends_no_login(house: House) -> None:
    alice = await house.person("alice")
    other = (await sign_in(house, ALICE)).cookies["_chatflow_session"]

    assert (await change(alice, email=NEW)).status_code == 200

    assert (await who_is(house, other)).json()["email"] == NEW


async def test_nothing_to_change_is_fine(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")

    answer = await change(alice, email=ALICE, password=None)
    await run_jobs(house)

    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == ALICE
    assert mailbox.letters == []


async def test_the_new_address_holds_at_once(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")

    answer = await change(alice, email=" Alice@New.Example")
    await run_jobs(house)

    assert answer.json()["user"]["email"] == NEW
    assert answer.json()["unconfirmed_email"] is None
    assert (await sign_in(house, NEW)).status_code == 200
    assert refusal(await sign_in(house, ALICE)) == (401, "invalid_credentials")
    assert [(one.to, one.subject) for one in mailbox.letters] == [(ALICE, CHANGED)]


async def test_an_address_that_is_taken_is_refused(house: House) -> None:
    alice = await house.person("alice")
    await house.person("bob")

    refused = await change(alice, email="BOB@example.com", password=NEW_PASSWORD)

    assert refusal(refused) == (422, "email_taken")
    assert (await sign_in(house, ALICE)).status_code == 200, "the password is the old one too"
    assert (await change(alice, email="bob2@example.com")).status_code == 200


async def test_one_hears_of_it_on_ones_other_devices(house: House) -> None:
    alice = await house.person("alice")

    await change(alice, email=NEW)

    async with house.session() as session:
        heard = text("SELECT data FROM events WHERE name = 'profile.edited' AND topic = :topic")
        data = (await session.execute(heard, {"topic": f"user:{alice.id}"})).scalar_one()
    assert f'"email":"{NEW}"' in data


async def test_the_password_is_told_to_the_address_that_was_there_before(
    house: House, mailbox: Mailbox
) -> None:
    alice = await house.person("alice")

    await change(alice, email="thief@evil.example", password=NEW_PASSWORD)
    await run_jobs(house)

    assert sorted(subjects(mailbox, ALICE)) == sorted([CHANGED, PASSWORD_CHANGED])
    assert mailbox.to("thief@evil.example") == []


async def test_of_two_new_passwords_at_once_one_holds(live_house: House) -> None:
    alice = await live_house.person("alice")
    passwords = [f"new secret number {number}" for number in range(5)]

    answers = await asyncio.gather(*(change(alice, password=one) for one in passwords))

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, 422, 422, 422, 422]
    winner = passwords[statuses.index(200)]
    assert (await sign_in(live_house, ALICE, winner)).status_code == 200


async def test_a_sign_out_while_it_is_on_its_way_stays_a_sign_out(
    live_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await live_house.person("alice")
    captured = alice.cookie.partition("=")[2]
    verifying, may_go_on = asyncio.Event(), asyncio.Event()
    verify = Passwords.verify

    async def slowly(passwords: Passwords, password: str, hashed: str | None) -> Verdict:
        verifying.set()
        await may_go_on.wait()
        return await verify(passwords, password, hashed)

    with monkeypatch.context() as patched:
        patched.setattr(Passwords, "verify", slowly)
        changing = asyncio.create_task(change(alice, password=NEW_PASSWORD, email=NEW))
        async with asyncio.timeout(5):
            await verifying.wait()
        headers = {"Authorization": f"Bearer {captured}"}
        assert (
            await live_house.client().delete("/users/sign_out", headers=headers)
        ).status_code == 204
        may_go_on.set()
        late = await changing

    assert refusal(late) == BAD_PROOF
    assert "set-cookie" not in late.headers
    assert refusal(await who_is(live_house, captured)) == (401, "unauthenticated")
    assert (await sign_in(live_house, ALICE)).status_code == 200, "nothing was changed"


# Where addresses have to be confirmed.


async def mailed_token(house: House, mailbox: Mailbox, email: str) -> str:
    await run_jobs(house)
    return token_in(mailbox.to(email)[-1])


async def test_the_old_address_stays_until_the_new_one_is_confirmed(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")

    answer = await change(alice, email=NEW)
    token = await mailed_token(confirming_house, mailbox, NEW)

    assert answer.json()["user"]["email"] == ALICE
    assert answer.json()["unconfirmed_email"] == NEW
    assert subjects(mailbox, ALICE) == [ASKED]
    assert (await sign_in(confirming_house, ALICE)).status_code == 200
    assert refusal(await sign_in(confirming_house, NEW)) == (401, "invalid_credentials")

    confirmed = await confirm(confirming_house, token)
    await run_jobs(confirming_house)

    assert confirmed.json()["user"]["email"] == NEW
    assert confirmed.json()["unconfirmed_email"] is None
    assert (await sign_in(confirming_house, NEW)).status_code == 200
    assert refusal(await sign_in(confirming_house, ALICE)) == (401, "invalid_credentials")
    assert sorted(subjects(mailbox, ALICE)) == sorted([ASKED, CHANGED])
    assert (await alice.client.get("/users/me")).json()["email"] == NEW


async def test_two_changes_at_once_confirm_only_the_address_that_was_mailed(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")
    await change(alice, email="a@new.example")
    to_a = await mailed_token(confirming_house, mailbox, "a@new.example")

    await change(alice, email="b@new.example")
    before_the_mail = await confirm(confirming_house, to_a)
    to_b = await mailed_token(confirming_house, mailbox, "b@new.example")
    after_the_mail = await confirm(confirming_house, to_a)

    for refused in (before_the_mail, after_the_mail):
        assert refusal(refused) == (422, "confirmation_token_invalid")
        assert (await alice.client.get("/users/me")).json()["email"] == ALICE
    confirmed = await confirm(confirming_house, to_b)
    assert confirmed.json()["user"]["email"] == "b@new.example"


async def test_a_link_to_one_address_never_confirms_another(
    confirming_house: House, mailbox: Mailbox
) -> None:
    """Even if it was mailed in the very moment in which another address was named."""
    alice = await confirming_house.person("alice")
    await change(alice, email="a@new.example")
    to_a = await mailed_token(confirming_house, mailbox, "a@new.example")
    named = text("UPDATE users SET unconfirmed_email = :email")
    async with confirming_house.session() as session:
        await session.execute(named, {"email": "b@new.example"})

    refused = await confirm(confirming_house, to_a)

    assert refusal(refused) == (422, "confirmation_token_invalid")
    async with confirming_house.session() as session:
        await session.execute(named, {"email": "a@new.example"})
    assert (await confirm(confirming_house, to_a)).json()["user"]["email"] == "a@new.example"


async def test_naming_the_address_one_has_takes_the_change_back(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")
    await change(alice, email=NEW)
    token = await mailed_token(confirming_house, mailbox, NEW)

    answer = await change(alice, email=ALICE)

    assert answer.json()["unconfirmed_email"] is None
    assert refusal(await confirm(confirming_house, token)) == (422, "confirmation_token_invalid")


async def test_a_change_does_not_tell_whose_address_it_is(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice = await confirming_house.person("alice")
    await confirming_house.person("bob")

    free = await change(alice, email="free@example.com")
    await run_jobs(confirming_house)
    taken = await change(alice, email="bob@example.com")
    await run_jobs(confirming_house)

    assert free.status_code == taken.status_code == 200
    assert taken.json() == free.json() | {"unconfirmed_email": "bob@example.com"}
    assert subjects(mailbox, "bob@example.com") == ["You have a ChatFlow account already"]
    assert "token" not in mailbox.only("bob@example.com").text


async def test_who_comes_late_does_not_get_the_address(
    confirming_house: House, mailbox: Mailbox
) -> None:
    alice, bob = await confirming_house.person("alice"), await confirming_house.person("bob")
    await change(alice, email=NEW)
    alices = await mailed_token(confirming_house, mailbox, NEW)
    await change(bob, email=NEW)
    bobs = await mailed_token(confirming_house, mailbox, NEW)

    assert (await confirm(confirming_house, bobs)).json()["user"]["email"] == NEW

    assert refusal(await confirm(confirming_house, alices)) == (422, "email_taken")
    assert (await alice.client.get("/users/me")).json()["email"] == ALICE
