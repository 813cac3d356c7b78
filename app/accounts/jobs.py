"""Mails about accounts, written and sent in the background.

A link is made by the job that mails it, and committed before it goes out. A job that runs twice
mails another link, which replaces the first.
"""

from typing import Any

from app.accounts import letters
from app.accounts.actions import confirming, passwords, unlocking
from app.auth.actions import Notice
from app.kit.jobs import House
from app.kit.mail import Mail, Postman


async def mail_reset(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"email": what was typed}"""
    async with house["database"].unit_of_work() as session:
        mail = await passwords.write_reset(session, house["settings"], payload["email"])
    await _send(house, mail)


async def mail_confirmation(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"user_id": who has just named an address}"""
    async with house["database"].unit_of_work() as session:
        mail = await confirming.write_link(session, house["settings"], payload["user_id"])
    await _send(house, mail)


async def mail_confirmation_again(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"email": what was typed}"""
    async with house["database"].unit_of_work() as session:
        await confirming.write_again(session, payload["email"])


async def mail_unlock_link(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"email": what was typed}"""
    async with house["database"].unit_of_work() as session:
        mail = await unlocking.write_unlock(session, house["settings"], payload["email"])
    await _send(house, mail)


async def tell(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"email": the address, "what": a `Notice`}"""
    notice = letters.notice(house["settings"], payload["email"], Notice(payload["what"]))
    await _send(house, notice)


async def _send(house: House, mail: Mail | None) -> None:
    postman: Postman = house["postman"]
    if mail is not None:
        await postman.send(mail)
