"""Those who post: each message again, with the same `client_id`, until it is acknowledged."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from uuid import uuid4

import httpx

from tests.system.people import Seat

# The longest that an answer may take: Postgres' silence (12 s) once in the middle of a request, a
# new connection and the wait for a place in the pool (5 s each), and room for a slow machine.
ANSWER_MAX_SECONDS = 30
# Load, and not a storm: the machine has other things to do.
_PAUSE_SECONDS = 0.03
# Sooner than `Retry-After` allows: it is the server that must bear it.
_AGAIN_SECONDS = 0.1


@dataclass
class Ledger:
    """What became of the posts of one conversation.

    Shape: `acknowledged` {client_id: message as it was answered}, `at` {seq: monotonic seconds}.
    """

    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    at: dict[int, float] = field(default_factory=dict)
    refused: int = 0
    broken: int = 0
    improper: list[str] = field(default_factory=list)
    slowest_seconds: float = 0

    @property
    def head(self) -> int:
        return max(self.at, default=0)

    def acknowledge(self, message: dict[str, Any]) -> None:
        self.acknowledged[message["client_id"]] = message
        self.at[message["seq"]] = time.monotonic()

    def refuse(self, answer: httpx.Response) -> None:
        self.refused += 1
        if not is_proper(answer):
            self.improper.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")


def is_proper(answer: httpx.Response) -> bool:
    """503 as the documentation has it: try again, after so many seconds."""
    if answer.status_code != 503 or not answer.headers.get("Retry-After", "").isdigit():
        return False
    body: dict[str, Any] = answer.json()
    return body.keys() == {"error", "code", "request_id"} and body["code"] in {"unavailable"}


class Poster:
    def __init__(self, seat: Seat, ledger: Ledger) -> None:
        self._seat, self._ledger, self._name = seat, ledger, uuid4().hex
        self.is_over = self.has_ended = False

    async def speak(self, messages: int | None = None) -> None:
        """Message after message, until it is over; none is left without its acknowledgement."""
        async with self._seat.client(ANSWER_MAX_SECONDS) as client:
            for number in islice(count(1), messages):
                if self.is_over:
                    break
                client_id = f"{self._name}-{number}"
                await self._say(client, {"body": f"message {number}", "client_id": client_id})
                await asyncio.sleep(_PAUSE_SECONDS)
        self.has_ended = True

    async def _say(self, client: httpx.AsyncClient, draft: dict[str, str]) -> None:
        while not await self._is_acknowledged(client, draft):
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _is_acknowledged(self, client: httpx.AsyncClient, draft: dict[str, str]) -> bool:
        began = time.monotonic()
        try:
            answer = await client.post(f"{self._seat.path}/messages", json=draft)
        except httpx.ReadTimeout:
            self._ledger.improper.append(f"no answer within {ANSWER_MAX_SECONDS} seconds")
            return False
        except httpx.TransportError:
            self._ledger.broken += 1
            return False
        finally:
            seconds = time.monotonic() - began
            self._ledger.slowest_seconds = max(self._ledger.slowest_seconds, seconds)
        if answer.status_code in (200, 201):
            self._ledger.acknowledge(answer.json())
            return True
        self._ledger.refuse(answer)
        return False
