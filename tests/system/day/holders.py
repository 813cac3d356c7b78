"""Somebody with three devices, and what these show them."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from app.models import User
from tests.factories import House, Person
from tests.system.day.browser import Browser
from tests.system.day.desktop import Desktop
from tests.system.day.devices import LiveDevice
from tests.system.day.insisting import until_answered
from tests.system.day.phone import Phone
from tests.system.resident import Resident
from tests.system.street import Street
from tests.system.waiting import LOOK_SECONDS, PATIENCE_SECONDS, until

Message = dict[str, Any]


@dataclass
class Holder(Resident):
    """Each step is done on the next of their devices, and must succeed."""

    devices: list[LiveDevice] = field(default_factory=list)
    _steps: int = 0

    @classmethod
    def on(cls, street: Street, username: str) -> Self:
        return cls(street, username, street.client())

    @property
    def phone(self) -> Phone:
        (phone,) = (device for device in self.devices if isinstance(device, Phone))
        return phone

    # Their devices.

    async def signs_in_everywhere(self, house: House, tasks: asyncio.TaskGroup) -> None:
        for kind in (Phone, Browser, Desktop):
            client = house.client()
            assert (await self.signs_in(client)).status_code == 200
            self.devices.append(kind(house, Person(User(id=self.id, email=self.email), client)))
        await self.turns_everything_on(tasks)

    async def turns_everything_on(self, tasks: asyncio.TaskGroup) -> None:
        await asyncio.gather(*(device.turn_on(tasks) for device in self.devices))

    async def turns_everything_off(self) -> None:
        await asyncio.gather(*(device.turn_off() for device in self.devices))

    async def sees(self, conversation_id: int, text: str) -> Message:
        """On every device. Answers the last message that has these words."""
        await until(lambda: all(_find(device, conversation_id, text) for device in self.devices))
        (*_, message) = _find(self.devices[0], conversation_id, text)
        return message

    async def is_outside(self, conversation_id: int) -> None:
        """No device shows it any more."""
        await until(lambda: not any(conversation_id in device.known for device in self.devices))

    async def has_come_in(self, conversation_id: int) -> None:
        await until(lambda: all(conversation_id in device.known for device in self.devices))

    async def knows_that_nobody_is(self, gone: "Holder") -> None:
        """In any conversation, on any device: neither somebody by name, nor an owner."""
        wanted = ("Deleted user", "member")
        await until(
            lambda: all(
                (person["name"], person["role"]) == wanted
                for device in self.devices
                for conversation in device.known.values()
                for person in conversation["participants"].values()
                if person["id"] == gone.id
            )
        )

    async def finds(self, other: "Holder", group: int, status: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._status_of(other, group) != status:
                await asyncio.sleep(LOOK_SECONDS)

    async def _status_of(self, other: "Holder", group: int) -> str:
        listed = await self._asks("GET", f"/conversations/{group}/presence")
        return next(str(one["status"]) for one in listed if one["user_id"] == other.id)

    async def sees_picture(self, message: Message) -> None:
        """Once it is developed, on every device."""
        await until(
            lambda: all(
                _states(device, message["conversation_id"], message["id"]) == {"ready"}
                for device in self.devices
            )
        )

    async def may_download(self, message: Message) -> bool:
        (picture,) = message["attachments"]
        client = self.devices[0].person.client
        answer = await until_answered(partial(client.get, f"/attachments/{picture['id']}"))
        return answer.status_code == 200

    async def knows_that_it_was_read(self, message: Message, by: "Holder") -> None:
        """On every device."""
        await until(
            lambda: all(
                _read_seq(device, message["conversation_id"], by.id) >= message["seq"]
                for device in self.devices
            )
        )

    async def has_unread(self, conversation_id: int, count: int) -> None:
        """As every device shows it."""
        await until(
            lambda: all(
                device.unread[conversation_id].numbers["unread_count"] == count
                for device in self.devices
            )
        )

    async def _asks(self, method: str, path: str, body: object = None) -> Any:
        self._steps += 1
        return await self._ask(self.devices[self._steps % len(self.devices)], method, path, body)

    async def _ask(self, device: LiveDevice, method: str, path: str, body: object) -> Any:
        request = device.person.client.request
        answer = await until_answered(partial(request, method, path, json=body))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def _find(device: LiveDevice, conversation_id: int, text: str) -> list[Message]:
    messages = device.known.get(conversation_id, {}).get("messages", [])
    return [message for message in messages if message["body"] == text]


def _states(device: LiveDevice, conversation_id: int, message_id: int) -> set[str]:
    """Of the attachments."""
    messages = device.known[conversation_id]["messages"]
    return {
        attachment["state"]
        for message in messages
        if message["id"] == message_id
        for attachment in message["attachments"]
    }


def _read_seq(device: LiveDevice, conversation_id: int, user_id: int) -> int:
    receipt = device.known[conversation_id]["receipts"].get(user_id, {})
    return int(receipt.get("read_seq", 0))
