"""To ask until there is an answer, as a client does whose server is replaced under its hands."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx

from tests.system.transports import BREAKS

AGAIN_SECONDS = 0.05


async def until_answered(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Whatever is asked must be safe to repeat."""
    while True:
        with suppress(*BREAKS):
            answer = await ask()
            if answer.status_code != 503:
                return answer
        await asyncio.sleep(AGAIN_SECONDS)
