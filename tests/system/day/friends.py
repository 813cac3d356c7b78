"""Somebody among friends, with three devices: what they do there, in words of one step."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote

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
_numbers = count(1)


@dataclass
class Friend(Resident):
    """Each step is done on the next of their devices, and must succeed."""

    devices: list[LiveDevice] = field(default_factory=list)
    _steps: int = 0

    @classmethod
    def on(cls, street: Street, username: str) -> "Friend":
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

    async def knows_that_nobody_is(self, gone: "Friend") -> None:
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

    async def finds(self, other: "Friend", group: int, status: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._status_of(other, group) != status:
                await asyncio.sleep(LOOK_SECONDS)

    async def _status_of(self, other: "Friend", group: int) -> str:
        listed = await self._asks("GET", f"/conversations/{group}/presence")
        return next(str(one["status"]) for one in listed if one["user_id"] == other.id)

    # Groups.

    async def starts_group(self, title: str, *others: "Friend") -> int:
        draft = {"participant_ids": [other.id for other in others], "title": title}
        return int((await self._asks("POST", "/conversations", draft))["id"])

    async def makes_link(self, group: int) -> str:
        return str((await self._asks("POST", f"/conversations/{group}/invites", {}))["token"])

    async def joins_by(self, token: str) -> None:
        await self._asks("POST", "/invites/accept", {"token": token})

    async def adds(self, group: int, *others: "Friend") -> None:
        ids = [other.id for other in others]
        await self._asks("POST", f"/conversations/{group}/members", {"user_ids": ids})

    async def removes(self, group: int, other: "Friend") -> None:
        await self._asks("DELETE", f"/conversations/{group}/members/{other.id}")

    async def gives_role(self, group: int, other: "Friend", role: str) -> None:
        await self._asks("PATCH", f"/conversations/{group}/members/{other.id}", {"role": role})

    async def renames(self, group: int, title: str) -> None:
        await self._asks("PATCH", f"/conversations/{group}", {"title": title})

    async def prefers(self, conversation_id: int, **preferences: object) -> None:
        await self._asks("PATCH", f"/conversations/{conversation_id}/preferences", preferences)

    async def calls_themselves(self, name: str) -> None:
        await self._asks("PATCH", "/users/me", {"user": {"name": name}})

    # Messages.

    async def writes(self, conversation_id: int, text: str, **more: object) -> Message:
        """Again, with the same `client_id`, until it is acknowledged."""
        draft = {"body": text, "client_id": f"{self.username}-{next(_numbers)}"} | more
        path = f"/conversations/{conversation_id}/messages"
        message: Message = await self._asks("POST", path, draft)
        return message

    async def replies(self, message: Message, text: str) -> Message:
        return await self.writes(message["conversation_id"], text, reply_to=message["id"])

    async def edits(self, message: Message, text: str) -> None:
        await self._asks("PATCH", _path_of(message), {"body": text})

    async def withdraws(self, message: Message) -> None:
        await self._asks("DELETE", _path_of(message))

    async def reacts(self, message: Message, emoji: str) -> None:
        await self._asks("PUT", f"{_path_of(message)}/reactions/{quote(emoji)}")

    async def takes_back(self, message: Message, emoji: str) -> None:
        await self._asks("DELETE", f"{_path_of(message)}/reactions/{quote(emoji)}")

    async def pins(self, message: Message) -> None:
        await self._asks("PUT", f"{_path_of(message)}/pin")

    async def unpins(self, message: Message) -> None:
        await self._asks("DELETE", f"{_path_of(message)}/pin")

    async def _asks(self, method: str, path: str, body: object = None) -> Any:
        self._steps += 1
        client = self.devices[self._steps % len(self.devices)].person.client
        answer = await until_answered(partial(client.request, method, path, json=body))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def _path_of(message: Message) -> str:
    return f"/conversations/{message['conversation_id']}/messages/{message['id']}"


def _find(device: LiveDevice, conversation_id: int, text: str) -> list[Message]:
    messages = device.known.get(conversation_id, {}).get("messages", [])
    return [message for message in messages if message["body"] == text]
