"""Asking for links, and following those that were mailed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import text

from tests.factories import PASSWORD, House, Person
from tests.jobs import run_jobs
from tests.mailbox import Letter, Mailbox

NEW_PASSWORD = "correct horse battery"
RESET_SUBJECT = "A new password for ChatFlow"
CONFIRM_SUBJECT = "Confirm your address for ChatFlow"
WANTED_SUBJECT = "You have a ChatFlow account already"


def token_in(letter: Letter) -> str:
    """Of the one link that the letter has."""
    ((token,),) = parse_qs(urlsplit(letter.link).query).values()
    return token


async def ask_for_password(house: House, email: str, **headers: str) -> httpx.Response:
    body = {"user": {"email": email}}
    return await house.client().post("/users/password", json=body, headers=headers)


async def ask_for_confirmation(house: House, email: str) -> httpx.Response:
    return await house.client().post("/users/confirmation", json={"user": {"email": email}})


async def reset_token(house: House, mailbox: Mailbox, email: str) -> str:
    """By mail, as everybody gets it. What lay in the mailbox before is gone."""
    mailbox.clear()
    assert (await ask_for_password(house, email)).status_code == 202
    await run_jobs(house)
    return token_in(mailbox.only(email.strip().lower()))


async def reset(
    house: House, token: str, password: str = NEW_PASSWORD, **fields: Any
) -> httpx.Response:
    user = {"reset_password_token": token, "password": password} | fields
    return await house.client().put("/users/password", json={"user": user})


async def is_good(house: House, token: str) -> bool:
    answer = await house.client().get(
        "/users/password/edit", params={"reset_password_token": token}
    )
    assert answer.status_code == 200
    valid: bool = answer.json()["valid"]
    return valid


async def confirm(house: House, token: str) -> httpx.Response:
    return await house.client().get("/users/confirmation", params={"confirmation_token": token})


async def change(person: Person, **fields: Any) -> httpx.Response:
    user = {"current_password": PASSWORD} | fields
    return await person.client.put("/users", json={"user": user})


async def close(person: Person, password: str = PASSWORD) -> httpx.Response:
    body = {"user": {"current_password": password}}
    return await person.client.request("DELETE", "/users", json=body)


async def let_expire(house: House) -> None:
    async with house.session() as session:
        await session.execute(text("UPDATE mailed_tokens SET expires_at = now()"))


def subjects(mailbox: Mailbox, email: str) -> list[str]:
    return [letter.subject for letter in mailbox.to(email)]
