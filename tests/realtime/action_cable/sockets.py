"""Clients that speak raw frames of Action Cable."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.factories import House, Person
from tests.realtime.sockets import PATIENCE_SECONDS, Cable

V1, EXT = "actioncable-v1-json", "actioncable-v1-ext-json"
UNSUPPORTED = "actioncable-unsupported"
# What every Rails client offers.
RAILS = (V1, UNSUPPORTED)
USER_CHANNEL = '{"channel":"UserChannel"}'

Frame = dict[str, Any]


def to_json(value: object) -> str:
    """As JavaScript writes it."""
    return json.dumps(value, ensure_ascii=False)


def identify(conversation_id: object) -> str:
    """As the clients of npm write it."""
    return f'{{"channel":"ConversationsChannel","conversation_id":{json.dumps(conversation_id)}}}'


def confirmation(identifier: str) -> Frame:
    return {"identifier": identifier, "type": "confirm_subscription"}


def rejection(identifier: str) -> Frame:
    return {"identifier": identifier, "type": "reject_subscription"}


def news_of(message: object) -> Frame:
    """What a data frame carries when a message was created."""
    return {"message": message}


class ActionCable(Cable):
    """One connection. Pings are kept in `pings`, and otherwise passed over.

    `sid` is the name of the session, once it was welcomed in the extended protocol.
    """

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.pings: list[Frame] = []
        self.sid = ""
        self._fences = 0

    async def welcome(self) -> Frame:
        frame = await self.next()
        assert frame["type"] == "welcome"
        self.sid = frame.get("sid", "")
        return frame

    async def next(self) -> Frame:
        async with asyncio.timeout(PATIENCE_SECONDS):  # Pings do not make it longer.
            while (frame := await super().next()).get("type") == "ping":
                self.pings.append(frame)
            return frame

    async def next_of(self, kind: str | None) -> Frame:
        """`None` is the kind of data frames."""
        while (frame := await self.next()).get("type") != kind:
            pass
        return frame

    async def next_ping(self) -> Frame:
        self.pings.clear()
        while (frame := await super().next()).get("type") != "ping":
            pass
        return frame

    async def say(self, **command: Any) -> None:
        await self.socket.send(to_json(command))

    async def take(self, count: int) -> list[Frame]:
        return [await self.next() for _ in range(count)]

    async def command(self, command: str, identifier: object, **more: object) -> None:
        await self.say(command=command, identifier=identifier, **more)

    async def perform(self, identifier: str, action: object, **data: object) -> None:
        await self.command("message", identifier, data=to_json(data | {"action": action}))

    async def subscribe(self, identifier: str, **more: object) -> Frame:
        """The frame that decides, past whatever else happens."""
        await self.command("subscribe", identifier, **more)
        while not str((frame := await self.next()).get("type")).endswith("_subscription"):
            pass
        return frame

    async def follow(self, identifier: str, **more: object) -> None:
        assert await self.subscribe(identifier, **more) == confirmation(identifier)

    async def history(self, identifier: str, *positions: Frame, **more: object) -> list[Frame]:
        """Ask for what came after these frames; the answer, up to the one that ends it."""
        streams = {
            frame["stream_id"]: {"epoch": frame["epoch"], "offset": frame["offset"]}
            for frame in positions
        }
        await self.command("history", identifier, history={"streams": streams, **more})
        return await self.until("confirm_history", "reject_history")

    async def until(self, *kinds: str) -> list[Frame]:
        """All frames up to one of these kinds, and that one."""
        frames = [await self.next()]
        while frames[-1].get("type") not in kinds:
            frames.append(await self.next())
        return frames

    async def meanwhile(self) -> list[Frame]:
        """Everything that was sent until the server has obeyed all that was said so far."""
        self._fences += 1
        fence = f'{{"channel":"Fence","number":{self._fences}}}'
        await self.command("subscribe", fence)
        frames = []
        while (frame := await self.next()) != rejection(fence):
            frames.append(frame)
        return frames

    async def farewell(self) -> tuple[Frame, int]:
        """The frame that says goodbye, and the code that the socket is closed with."""
        frame = await self.next_of("disconnect")
        code, _ = await self.goodbye()
        return frame, code

    def drop(self) -> None:
        """As when a cable is pulled: without a goodbye."""
        self.socket.transport.abort()


def messages_in(frames: Collection[Frame]) -> list[Any]:
    """The messages that data frames carry, in order."""
    return [frame["message"]["message"] for frame in frames if "message" in frame]


@asynccontextmanager
async def open_socket(
    house: House,
    person: Person | None,
    protocols: Sequence[str] = RAILS,
    query: str = "",
    **headers: str,
) -> AsyncIterator[ActionCable]:
    """Upgraded, and nothing read yet. `headers` by their names with underscores."""
    url = f"{house.base_url}/cable{query}".replace("http://", "ws://", 1)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if person is not None:
        sent["cookie"] = person.cookie
    offered = [Subprotocol(name) for name in protocols]
    async with connect(
        url, additional_headers=sent, subprotocols=offered or None, proxy=None
    ) as socket:
        yield ActionCable(socket)


@asynccontextmanager
async def welcomed(
    house: House, person: Person, protocol: str = V1, query: str = "", **headers: str
) -> AsyncIterator[ActionCable]:
    """Past the welcome."""
    async with open_socket(house, person, (protocol,), query, **headers) as cable:
        await cable.welcome()
        yield cable


@asynccontextmanager
async def following(
    house: House, person: Person, identifier: str, protocol: str = V1
) -> AsyncIterator[ActionCable]:
    """Past the confirmation."""
    async with welcomed(house, person, protocol) as cable:
        await cable.follow(identifier)
        yield cable
