"""Where one connection has said that its person is here."""

from typing import Any
from uuid import uuid4

from app.kit.errors import Unavailable
from app.kit.shelf import Entry
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller


class Attendance:
    """The client's own idea of who it is is passed over: the server knows."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._entries: dict[str, Entry] = {}

    async def join(self, identifier: str, topic: str) -> bool:
        """Answers whether that was new."""
        if identifier in self._entries:
            return False
        entry = Entry(topic, str(self._caller.user_id), uuid4().hex)
        self._entries[identifier] = entry
        await self._caller.house.cable_presence.join(entry, self._caller.signed_in.user)
        return True

    async def leave(self, identifier: str) -> None:
        if (entry := self._entries.pop(identifier, None)) is not None:
            await self._caller.house.cable_presence.leave(entry)

    async def show(self, identifier: str, topic: str, with_records: bool) -> None:
        """Shape: {"type": "info", "total", "records": [{"id", "info"}]?}, or {"type": "error"}"""
        try:
            records = await self._caller.house.cable_presence.show(topic)
        except Unavailable:
            message: dict[str, Any] = {"type": "error", "total": 0}
        else:
            message = {"type": "info", "total": len(records)}
            if records and with_records:
                message["records"] = records
        frame = frames.control("presence", identifier=identifier, message=message)
        self._caller.connection.send(frame)

    def depart(self) -> None:
        for entry in self._entries.values():
            self._caller.house.cable_presence.depart(entry)
