"""Who takes part: people, and the conversations that they have."""

from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.system.stage import Stage


@dataclass(frozen=True)
class Person:
    id: int
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Seat:
    """A person in a conversation, or before its door; `address` is where the server is."""

    address: str
    person: Person
    conversation_id: int

    @property
    def path(self) -> str:
        return f"/conversations/{self.conversation_id}"

    def client(self, timeout: float) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://{self.address}",
            headers=self.person.headers,
            timeout=timeout,
            verify=False,  # There is no TLS here, and to load certificates takes 20 ms.
        )


async def sign_up(stage: Stage) -> Person:
    user = {"email": f"{uuid4().hex}@example.com", "password": "a long secret"}
    async with httpx.AsyncClient(base_url=f"http://{stage.address}") as client:
        answer = await client.post("/users", json={"user": user})
        return Person(answer.json()["user"]["id"], client.cookies["_chatflow_session"])


async def take_seats(stage: Stage) -> tuple[Seat, Seat]:
    """Two new people, in a new conversation."""
    speaker, listener = await sign_up(stage), await sign_up(stage)
    async with httpx.AsyncClient(base_url=f"http://{stage.address}") as client:
        body = {"participant_ids": [listener.id]}
        answer = await client.post("/conversations", json=body, headers=speaker.headers)
        id = answer.json()["id"]
    return Seat(stage.address, speaker, id), Seat(stage.address, listener, id)
