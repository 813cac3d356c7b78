"""Mails that tell somebody what happened to their account."""

import pytest

from app.accounts import letters
from app.auth.actions import Notice
from app.kit.settings import Settings
from tests.accounts.links import NEW_PASSWORD, change, reset, reset_token, subjects
from tests.factories import PASSWORD, House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox

ALICE = "alice@example.com"


async def test_a_new_password_is_told(house: House, mailbox: Mailbox) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    await change(alice, password=NEW_PASSWORD)
    await run_jobs(house)

    letter = mailbox.only(ALICE)
    assert letter.subject == "The password of your ChatFlow account was changed"
    assert "If it was not you" in letter.text
    assert letter.link == "http://localhost:3000"
    assert mailbox.to(bob.user.email or "") == []


async def test_a_reset_password_is_told(house: House, mailbox: Mailbox) -> None:
    await house.person("alice")
    token = await reset_token(house, mailbox, ALICE)
    mailbox.clear()

    await reset(house, token)
    await run_jobs(house)

    assert subjects(mailbox, ALICE) == ["The password of your ChatFlow account was reset"]


async def test_a_new_token_is_told(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    draft = {"name": "Nightly report", "current_password": PASSWORD}

    refused = await alice.client.post("/users/tokens", json=draft | {"current_password": "x"})
    await run_jobs(house)
    assert (refused.status_code, mailbox.letters) == (422, [])
    made = await alice.client.post("/users/tokens", json=draft)
    await run_jobs(house)

    assert subjects(mailbox, ALICE) == ["A token was made for your ChatFlow account"]
    assert made.json()["token"] not in mailbox.only(ALICE).text


@pytest.mark.parametrize("what", Notice)
def test_every_notice_has_words(settings: Settings, what: Notice) -> None:
    letter = letters.notice(settings, ALICE, what)

    assert "ChatFlow account" in letter.subject
    assert len(letter.subject) < 70
    assert "If it was not you" in letter.text
    assert letter.text.startswith(letter.subject + ". ")
