"""A client that does not read is sent away, and comes back to all that it has not read."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from app.kit.settings import Settings
from app.messages import actions as messages
from app.messages.schemas import MessageDraft
from app.realtime.wire import ChatFlowProtocol
from tests.conftest import serve
from tests.factories import House, Person
from tests.realtime.action_cable.sockets import (
    EXT,
    ActionCable,
    Frame,
    following,
    identify,
    open_socket,
)
from tests.realtime.sockets import Room

# Together many times what the outbox and the kernel's buffers hold.
COUNT, BODY = 1_500, "x" * 9_000
# As many at once as the outbox of somebody who reads may hold.
PORTION, OUTBOX_BYTES = 15, 200_000


@asynccontextmanager
async def narrow(house: House, person: Person) -> AsyncIterator[ActionCable]:
    """A connection with the smallest buffer that the kernel lends, which reads when asked."""
    address = urlsplit(house.base_url)
    pipe = socket.socket()
    pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    pipe.connect((address.hostname, address.port))
    async with connect(
        f"ws://{address.netloc}/cable",
        sock=pipe,
        additional_headers={"cookie": person.cookie},
        subprotocols=[Subprotocol(EXT)],
        max_queue=1,
        ping_interval=None,
    ) as connection:
        yield ActionCable(connection)


@pytest.mark.parametrize("protocol", [ChatFlowProtocol, WebSocketsSansIOProtocol])
async def test_who_does_not_read_is_gone_and_comes_back_to_the_rest(
    settings: Settings, room: Room, protocol: type
) -> None:
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    identifier, heard = identify(room.id), list[Frame]()

    async with serve(small, ws=protocol) as house:
        async with (
            narrow(house, room.bob) as slow,
            following(house, room.alice, identifier) as alice,
        ):
            await slow.welcome()
            await slow.follow(identifier)
            for _ in range(COUNT // PORTION):
                async with house.session() as session:
                    for _ in range(PORTION):
                        draft = MessageDraft(body=BODY)
                        await messages.post_within(
                            session, room.conversation.id, room.alice.id, draft
                        )
                await alice.take(PORTION)
            with pytest.raises(ConnectionClosed):
                while len(heard) < COUNT:
                    heard += [frame for frame in [await slow.next()] if "offset" in frame]
        async with open_socket(house, room.bob, (EXT,), f"?sid={slow.sid}") as again:
            assert (await again.welcome())["restored_ids"] == [identifier]
            heard += (await again.history(identifier, *heard[-1:]))[:-1]

    assert [frame["offset"] for frame in heard] == list(range(1, COUNT + 1))
