"""Devices that listen all day long: what they fetched, what they heard, and how often."""

import asyncio
from abc import abstractmethod
from collections import defaultdict
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any

import httpx

from tests.factories import House, Person
from tests.members.devices import Device
from tests.system.day.insisting import AGAIN_SECONDS, until_answered
from tests.system.transports import BREAKS


class SignedOut(Exception):
    """There is nothing to come back to."""


class LiveDevice(Device):
    """Turned off it keeps what it knows and its place, and turned on it goes on from there.

    `record` are the positions of all that it heard, by topic.
    """

    def __init__(self, house: House, person: Person) -> None:
        super().__init__(person)
        self.house = house
        self.record: dict[str, list[int]] = defaultdict(list)
        self.is_signed_out = False
        self._left: set[str] = set()
        self._listening: asyncio.Task[None] | None = None

    async def get(self, path: str, **query: str) -> httpx.Response:
        """Raises: SignedOut"""
        answer = await until_answered(partial(super().get, path, **query))
        if answer.status_code == 401:
            raise SignedOut
        return answer

    async def turn_on(self, tasks: asyncio.TaskGroup) -> None:
        self._listening = tasks.create_task(self._listen_until_signed_out())
        await self.has_started.wait()

    async def turn_off(self) -> None:
        assert self._listening is not None
        self._listening.cancel()
        await asyncio.wait([self._listening])

    async def _listen_until_signed_out(self) -> None:
        try:
            await self._listen()
        except* SignedOut:
            self.is_signed_out = True

    async def _listen(self) -> None:
        while True:
            with suppress(*BREAKS):
                await self._listen_once()
            await asyncio.sleep(AGAIN_SECONDS)

    @abstractmethod
    async def _listen_once(self) -> None:
        """Until the connection ends. Raises: SignedOut; what breaks a connection."""

    async def hear(self, event: dict[str, Any]) -> None:
        """What has no position may be lost, and is not counted."""
        assert event["type"] != "resync_required", "it was told to start anew"
        if "seq" in event:
            await self.apply(event)
            self.record[_topic_of(event)].append(event["seq"])
        if event["type"] == "membership.ended":
            self._left.add(f"conversation:{event['conversation']['id']}")

    async def mistaken(self) -> list[str]:
        """Where it shows something else than a fresh fetch."""
        fresh, shown = await self.fresh(), self.shown()
        if shown.keys() != fresh.keys():
            return [f"{self.name}: conversations {[*shown]}, and not {[*fresh]}"]
        return [
            f"{self.name}: {field} of {id}: {shown[id].get(field)}, and not {is_now}"
            for id, conversation in fresh.items()
            for field, is_now in conversation.items()
            if shown[id].get(field) != is_now
        ]

    @property
    def name(self) -> str:
        return f"{type(self).__name__} of {self.person.user.email}"

    def misheard(self) -> list[str]:
        """What came twice, or out of order, or is missing; who was outside missed something."""
        return [
            f"{self.name}: {topic}: {after} after {before}"
            for topic, seqs in self.record.items()
            for before, after in pairwise(seqs)
            if after <= before or (after > before + 1 and topic not in self._left)
        ]


def _topic_of(event: dict[str, Any]) -> str:
    audience = "conversation" if "conversation_id" in event else "user"
    return f"{audience}:{event[f'{audience}_id']}"
