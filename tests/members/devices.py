"""A device: what it fetched, changed by what it heard, is what it would fetch now."""

import asyncio
from typing import Any

import httpx

from tests.factories import Person
from tests.members.counting_along import NUMBERS, Unread
from tests.messages.applying import change_messages

Conversations = dict[int, dict[str, Any]]


class Device:
    """Knows one person's conversations as the list, opening them, and their pins do."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.known: Conversations = {}
        self.unread: dict[int, Unread] = {}
        self.heard: set[str] = set()
        self.has_started = asyncio.Event()

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.person.client.get(path, params=query)

    async def fetch_all(self) -> Conversations:
        listed = (await self.get("/conversations")).json()
        opened = {one["id"]: await self._open(one["id"]) for one in listed}
        assert None not in opened.values()
        for one in listed:
            shown = _shown(opened[one["id"]] or {})
            assert one["users"] == shown["participants"]
            for name in ("preferences", *NUMBERS):
                assert one[name] == shown[name], name
        return {id: conversation for id, conversation in opened.items() if conversation}

    async def start(self) -> None:
        self.known = {}
        for id, opened in (await self.fetch_all()).items():
            self._know(id, opened)
        self.has_started.set()

    def _know(self, id: int, opened: dict[str, Any]) -> None:
        self.known[id] = opened
        self.unread[id] = Unread(opened, self.person.id)

    def shown(self) -> dict[int, dict[str, Any]]:
        return {
            id: _shown(conversation) | self.unread[id].numbers
            for id, conversation in self.known.items()
        }

    async def fresh(self) -> dict[int, dict[str, Any]]:
        return {id: _shown(one) for id, one in (await self.fetch_all()).items()}

    async def _open(self, id: int) -> dict[str, Any] | None:
        answer = await self.get(f"/conversations/{id}")
        if answer.status_code == 404:
            return None
        opened: dict[str, Any] = answer.json()
        if (pins := await self._pins(id)) is None:
            return None
        opened["pins"] = pins
        opened["participants"] = {one["id"]: one for one in opened["participants"]}
        receipts = await self.get(f"/conversations/{id}/receipts")
        if receipts.status_code == 404:
            return None
        opened["receipts"] = {one["user_id"]: one for one in receipts.json()["receipts"]}
        return opened

    async def _pins(self, id: int) -> dict[int, dict[str, Any]] | None:
        """Shape: {message_id: by whom and when}. The messages are the history's."""
        answer = await self.get(f"/conversations/{id}/pins")
        if answer.status_code == 404:
            return None
        return {one["message"]["id"]: one | {"message": None} for one in answer.json()}

    async def apply(self, event: dict[str, Any]) -> None:
        self.heard.add(event["type"])
        match event["type"]:
            case "membership.began" | "conversation.created":
                id = event["conversation"]["id"]
                if (opened := await self._open(id)) is not None:
                    self._know(id, opened)
            case "membership.ended":
                self.known.pop(event["conversation"]["id"], None)
            case "preferences.edited":
                if (conversation := self.known.get(event["conversation"]["id"])) is not None:
                    conversation["preferences"] = event["preferences"]
            case "unread.updated":
                if (unread := self.unread.get(event["conversation"]["id"])) is not None:
                    unread.update(event)
            case _ if "conversation_id" in event:
                conversation = self.known.get(event["conversation_id"])
                # What a fetch has brought already is not to be undone.
                if conversation is not None and event["seq"] > conversation["seq"]:
                    conversation["seq"] = event["seq"]
                    self._change(conversation, event)
                    self.unread[event["conversation_id"]].hear(event)

    def _change(self, conversation: dict[str, Any], event: dict[str, Any]) -> None:
        participants = conversation["participants"]
        match event["type"]:
            case "member.added" | "member.role_changed" | "member.edited":
                participants[event["member"]["id"]] = self._with_own_email(event["member"])
            case "member.removed":
                participants.pop(event["member"]["id"], None)
                conversation["receipts"].pop(event["member"]["id"], None)
            case "receipts.updated":
                conversation["receipts"] |= {one["user_id"]: one for one in event["receipts"]}
            case "receipts.removed":
                conversation["receipts"].pop(event["user_id"], None)
            case "conversation.edited":
                conversation["conversation"] = event["conversation"]
            case _ if "message" in event:
                change_messages(conversation, event, self.person.id)
            case kind:
                raise AssertionError(f"nobody told this device of {kind}")

    def _with_own_email(self, member: dict[str, Any]) -> dict[str, Any]:
        own = {"email": self.person.user.email} if member["id"] == self.person.id else {}
        return member | own


def _shown(conversation: dict[str, Any]) -> dict[str, Any]:
    participants = conversation["participants"]
    return conversation | {"participants": [participants[id] for id in sorted(participants)]}


class PollingDevice(Device):
    """Asks for what happened since."""

    cursor = ""

    async def start(self) -> None:
        self.cursor = (await self.get("/events")).json()["cursor"]
        await super().start()

    async def catch_up(self) -> None:
        while True:
            page = (await self.get("/events", since=self.cursor)).json()
            assert "resync_required" not in page
            for event in page["events"]:
                await self.apply(event)
            self.cursor = page["cursor"]
            if not page["events"]:
                return
