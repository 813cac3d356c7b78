"""How long what was restored is held for a client that asks for nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.kit.chores import stop
from app.kit.errors import ChatFlowError
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.subscriptions import Subscriptions


@asynccontextmanager
async def released_in_time(
    caller: Caller, subscriptions: Subscriptions, turn: asyncio.Lock
) -> AsyncIterator[None]:
    """`turn` is that of the commands, which come one at a time."""
    if not subscriptions.are_held:
        yield
        return
    releasing = asyncio.create_task(_release(caller, subscriptions, turn))
    try:
        yield
    finally:
        await stop([releasing])


async def _release(caller: Caller, subscriptions: Subscriptions, turn: asyncio.Lock) -> None:
    while subscriptions.are_held:
        await asyncio.sleep(caller.house.settings.cable_hold_seconds)
        async with turn:
            try:
                await subscriptions.release_unless_asked()
            except ChatFlowError as error:
                caller.connection.end_for(error)
