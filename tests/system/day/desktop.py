"""A desktop: `UserChannel` of Action Cable, extended, whose session is restored or begun anew."""

import json
import time
from typing import Any

from tests.factories import House, Person
from tests.realtime.action_cable.sockets import EXT, USER_CHANNEL, ActionCable, open_socket
from tests.system.day.devices import LiveDevice, SignedOut


class Desktop(LiveDevice):
    def __init__(self, house: House, person: Person) -> None:
        super().__init__(house, person)
        self._sid = ""
        self._places: dict[str, dict[str, Any]] = {}
        self._alive_at = 0

    async def _listen_once(self) -> None:
        query = f"?sid={self._sid}" if self._sid else ""
        async with open_socket(self.house, self.person, (EXT,), query) as cable:
            async for text in cable.socket:
                await self._take(cable, json.loads(text))
                self._alive_at = int(time.time())

    async def _take(self, cable: ActionCable, frame: dict[str, Any]) -> None:
        match frame.get("type"):
            case "welcome":
                await self._go_on(cable, frame)
            case "confirm_subscription" if not self.has_started.is_set():
                await self.start()
            case "disconnect" if frame["reason"] == "unauthorized":
                raise SignedOut
            case "reject_subscription" | "reject_history":
                raise AssertionError(frame)
            case None if "stream_id" in frame:
                await self.hear(frame["message"])
                place = {"epoch": frame["epoch"], "offset": frame["offset"]}
                self._places[frame["stream_id"]] = place

    async def _go_on(self, cable: ActionCable, welcome: dict[str, Any]) -> None:
        """As clients of npm do: where it was, and when, for streams that it heard nothing of."""
        self._sid = welcome["sid"]
        history = {"since": self._alive_at, "streams": self._places}
        if USER_CHANNEL in welcome.get("restored_ids", ()):
            await cable.command("history", USER_CHANNEL, history=history)
        elif self.has_started.is_set():
            await cable.command("subscribe", USER_CHANNEL, history=history)
        else:
            await cable.command("subscribe", USER_CHANNEL)
