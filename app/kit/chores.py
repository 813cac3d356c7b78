"""Chores that a process repeats until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import structlog

from app.kit.errors import Unavailable

logger = structlog.get_logger()

_ASK_AGAIN_SECONDS = 0.1


async def every(seconds: float, chore: Callable[[], Awaitable[Any]]) -> None:
    """Repeat until cancelled. A chore that fails is logged, and tried again at its next turn."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except Unavailable:
            pass  # Already logged where it happened, and it will be there again in a moment.
        except Exception:
            logger.exception("chore.failed", chore=getattr(chore, "__qualname__", repr(chore)))


async def stop(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel until they are gone.

    Once is not enough: in Python 3.11 `asyncio.wait_for`, which libraries use, swallows a
    cancellation that comes just as what it waits for is done.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_ASK_AGAIN_SECONDS)
