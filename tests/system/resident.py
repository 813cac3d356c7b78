"""Somebody who lives on the street: what they do with their account, in words of one step."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp

from tests.accounts.links import CONFIRM_SUBJECT, RESET_SUBJECT, token_in
from tests.system.street import Street

PASSWORD, NEW_PASSWORD = "gravel under willow", "seven quiet harbours"
_STEP_SECONDS = 30


@dataclass
class Authenticator:
    """Each code is good once, so it shows the next one when it is asked again at once."""

    secret: str
    last_step: int = 0

    def code(self) -> str:
        self.last_step = max(self.last_step + 1, int(time.time()) // _STEP_SECONDS)
        return pyotp.TOTP(self.secret).at(self.last_step * _STEP_SECONDS)


@dataclass
class Resident:
    """`browser` is where they registered. Every step must succeed unless it answers something."""

    street: Street
    username: str
    browser: httpx.AsyncClient
    password: str = PASSWORD
    id: int = 0
    authenticator: Authenticator | None = None
    recovery_codes: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"{self.username}@example.com"

    def _proof(self, **fields: Any) -> dict[str, Any]:
        """Of the second factor, a recovery code: those of the authenticator are for signing in."""
        spent = {"otp_attempt": self.recovery_codes.pop()} if self.recovery_codes else {}
        return {"current_password": self.password} | spent | fields

    async def registers(self) -> None:
        user = {"email": self.email, "password": self.password, "username": self.username}
        answer = await self.browser.post("/users", json={"user": user})
        assert answer.status_code == 202, answer.text

    async def confirms(self) -> None:
        letter = await self.street.letter(self.email, CONFIRM_SUBJECT)
        answer = await self.browser.get(letter.link)
        assert answer.status_code == 200, answer.text

    async def signs_in(
        self, browser: httpx.AsyncClient | None = None, **fields: Any
    ) -> httpx.Response:
        user = {"email": self.email, "password": self.password} | fields
        if self.authenticator and "otp_attempt" not in fields:
            user["otp_attempt"] = self.authenticator.code()
        answer = await (browser or self.browser).post("/users/sign_in", json={"user": user})
        if answer.status_code == 200:
            self.id = answer.json()["user"]["id"]
        return answer

    async def moves_in(self) -> None:
        await self.registers()
        await self.confirms()
        assert (await self.signs_in()).status_code == 200

    async def resets_password(self, password: str) -> None:
        asked = await self.browser.post("/users/password", json={"user": {"email": self.email}})
        assert asked.status_code == 202, asked.text
        letter = await self.street.letter(self.email, RESET_SUBJECT)
        assert (await self.browser.get(letter.link)).json() == {"valid": True}
        user = {"reset_password_token": token_in(letter), "password": password}
        answer = await self.browser.put("/users/password", json={"user": user})
        assert answer.status_code == 200, answer.text
        self.password = password

    async def turns_on_second_factor(self) -> None:
        begun = await self.browser.post("/users/second_factor", json=self._proof())
        assert begun.status_code == 201, begun.text
        authenticator = Authenticator(begun.json()["secret"])
        code = {"otp_attempt": authenticator.code()}
        confirmed = await self.browser.put("/users/second_factor", json=code)
        assert confirmed.status_code == 200, confirmed.text
        self.recovery_codes = confirmed.json()["recovery_codes"]
        self.authenticator = authenticator

    async def makes_token(self, scope: str) -> httpx.AsyncClient:
        """Answers a script that carries it."""
        draft = self._proof(name="Nightly report", scope=scope)
        made = await self.browser.post("/users/tokens", json=draft)
        assert made.status_code == 201, made.text
        return self.street.client(authorization=f"Bearer {made.json()['token']}")

    async def closes_account(self) -> None:
        body = {"user": self._proof()}
        answer = await self.browser.request("DELETE", "/users", json=body)
        assert answer.status_code == 204, answer.text

    async def begins_conversation(self, other: "Resident") -> int:
        body = {"participant_ids": [other.id]}
        answer = await self.browser.post("/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async def says(self, conversation_id: int, text: str) -> None:
        path = f"/conversations/{conversation_id}/messages"
        answer = await self.browser.post(path, json={"body": text})
        assert answer.status_code == 201, answer.text

    async def logins(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.browser.get("/users/logins")).json()
        return found

    async def activity(self) -> list[str]:
        """The newest first."""
        rows = (await self.browser.get("/users/activity")).json()
        return [row["name"] for row in rows]


def cookie_of(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"Cookie": f"_chatflow_session={browser.cookies['_chatflow_session']}"}
