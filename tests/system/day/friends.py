"""Somebody among friends: what they do there, in words of one step."""

import asyncio
from dataclasses import dataclass
from functools import partial
from itertools import count
from urllib.parse import quote

from tests.system.day.devices import LiveDevice
from tests.system.day.holders import Holder, Message
from tests.system.day.insisting import until_answered

_numbers = count(1)


@dataclass
class Friend(Holder):
    """Each step is done on the next of their devices, and must succeed."""

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

    async def sends(self, conversation_id: int, picture: bytes, text: str) -> Message:
        post = self.devices[0].person.client.post
        path = f"/attachments?name={self.username}.jpg"
        uploaded = await until_answered(partial(post, path, content=picture))
        assert uploaded.status_code == 201, uploaded.text
        return await self.writes(conversation_id, text, attachment_ids=[uploaded.json()["id"]])

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

    # What they have read.

    async def reads(self, conversation_id: int) -> None:
        """On all devices at once, each as far as it shows."""

        async def read_on(device: LiveDevice) -> None:
            shown = {"seq": device.known[conversation_id]["seq"]}
            await self._ask(device, "PUT", f"/conversations/{conversation_id}/read", shown)

        await asyncio.gather(*map(read_on, self.devices))

    async def marks_unread(self, message: Message) -> None:
        """From this one on."""
        path = f"/conversations/{message['conversation_id']}/unread"
        await self._asks("PUT", path, {"seq": message["seq"]})

    async def hides_what_they_read(self) -> None:
        await self._asks("PATCH", "/users/me", {"user": {"read_receipts": False}})


def _path_of(message: Message) -> str:
    return f"/conversations/{message['conversation_id']}/messages/{message['id']}"
