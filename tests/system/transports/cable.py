"""Over WebSockets."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.system.people import Seat
from tests.system.transports.feed import long_poll
from tests.system.transports.transport import Frame, Goodbye, since


@asynccontextmanager
async def open_websocket(
    seat: Seat, path: str, *protocols: Subprotocol
) -> AsyncIterator[ClientConnection]:
    """Raises: Goodbye"""
    try:
        async with connect(
            f"ws://{seat.address}{path}",
            additional_headers=seat.person.headers,
            subprotocols=protocols or None,
            proxy=None,
        ) as socket:
            try:
                yield socket
            finally:  # Who leaves does so without a word.
                socket.transport.abort()
    except InvalidStatus as refusal:
        raise Goodbye(refusal.response.status_code) from refusal
    except ConnectionClosed as closed:
        if closed.rcvd is None:
            raise
        raise Goodbye(closed.rcvd.code) from closed


async def native(seat: Seat, cursor: str) -> AsyncGenerator[Frame]:
    async with open_websocket(seat, f"/cable/{seat.conversation_id}{since(cursor)}") as socket:
        async for text in socket:
            yield json.loads(text)


async def action_cable(seat: Seat, cursor: str) -> AsyncGenerator[Frame]:
    """Extended. It tells nobody where the present is: that is asked for in another way."""
    if not cursor:
        async for frame in long_poll(seat, cursor):
            yield frame
        return
    async with open_websocket(seat, "/cable", Subprotocol("actioncable-v1-ext-json")) as socket:
        async for text in socket:
            frame = json.loads(text)
            match frame.get("type"):
                case "welcome":
                    await socket.send(_subscribe(seat, cursor))
                case "disconnect":
                    raise Goodbye(frame["reason"])
                case "reject_subscription":
                    raise Goodbye(404)
                case "reject_history":
                    yield {"type": "resync_required"}
                case None if "offset" in frame:
                    yield _as_elsewhere(seat, frame)


def _subscribe(seat: Seat, cursor: str) -> str:
    """Shape: JSON inside JSON, and a position for the stream."""
    epoch, _, offset = cursor.partition(".")
    channel = {"channel": "ConversationsChannel", "conversation_id": seat.conversation_id}
    place = {f"conversation:{seat.conversation_id}": {"epoch": epoch, "offset": int(offset)}}
    return json.dumps(
        {
            "command": "subscribe",
            "identifier": json.dumps(channel),
            "history": {"streams": place},
        }
    )


def _as_elsewhere(seat: Seat, frame: Frame) -> Frame:
    """A message comes as it did from Rails: without the fields of the event around it."""
    news: Frame = frame["message"]
    return {
        "type": "message.created",
        "conversation_id": seat.conversation_id,
        "seq": frame["offset"],
        "at": news["message"]["created_at"],
    } | news
