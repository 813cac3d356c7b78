"""To wait for what has no event: other processes, or what many tasks do together."""

import asyncio
from collections.abc import Callable

# Only a play that fails takes as long.
PATIENCE_SECONDS = 40
LOOK_SECONDS = 0.02


async def until(condition: Callable[[], object]) -> None:
    """Raises: TimeoutError"""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(LOOK_SECONDS)
