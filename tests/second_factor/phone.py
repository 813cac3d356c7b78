"""An authenticator on a phone, and a clock that tests move."""

import time
from dataclasses import dataclass

import httpx
import pyotp
import pytest
from sqlalchemy import select

from app.kit import clock
from app.models import Activity
from tests.factories import PASSWORD, House, Person

PATH = "/users/second_factor"
STEP_SECONDS = 30


class Hands:
    """Those of the house's clock: time passes when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = time.time()
        monkeypatch.setattr(clock, "unix_seconds", lambda: self.seconds)

    def turn(self, steps: int) -> None:
        self.seconds += steps * STEP_SECONDS


@dataclass
class Phone:
    secret: str
    hands: Hands

    def code(self, steps: int = 0) -> str:
        """The one that it shows so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.hands.seconds, counter_offset=steps)

    def next_code(self) -> str:
        """One that was not used yet."""
        self.hands.turn(1)
        return self.code()

    def wrong_code(self) -> str:
        near = {self.code(steps) for steps in range(-2, 3)}
        return next(code for code in map("{:06}".format, range(6)) if code not in near)


async def begin(person: Person, **proof: str) -> httpx.Response:
    return await person.client.post(PATH, json={"current_password": PASSWORD} | proof)


async def confirm(person: Person, code: str) -> httpx.Response:
    return await person.client.put(PATH, json={"otp_attempt": code})


async def enrol(person: Person, hands: Hands) -> tuple[Phone, list[str]]:
    """Answers their phone, and their recovery codes."""
    phone = Phone((await begin(person)).json()["secret"], hands)
    confirmed = await confirm(person, phone.code())
    assert confirmed.status_code == 200, confirmed.text
    hands.turn(1)
    codes: list[str] = confirmed.json()["recovery_codes"]
    return phone, codes


async def disable(person: Person, **proof: str) -> httpx.Response:
    return await person.client.request("DELETE", PATH, json={"current_password": PASSWORD} | proof)


async def renew(person: Person, **proof: str) -> httpx.Response:
    path, proof = f"{PATH}/recovery_codes", {"current_password": PASSWORD} | proof
    return await person.client.post(path, json=proof)


async def activity(house: House, person: Person) -> list[str]:
    """What happened to their account, in order."""
    query = select(Activity.name).where(Activity.user_id == person.id).order_by(Activity.id)
    async with house.session() as session:
        return list((await session.execute(query)).scalars())
