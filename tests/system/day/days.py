"""Where a day is spent: the street, and the picnic that it is about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.cli.running import Server
from tests.factories import House
from tests.system.street import Street, open_street

# Sooner than a test takes a silent stream for dead, and than anybody waits for who has gone.
_LIVELY = {
    "stream_comment_seconds": "2",
    "heartbeat_seconds": "2",
    "presence_lasts_seconds": "3",
    "presence_again_seconds": "0.5",
    "presence_grace_seconds": "1",
}


@dataclass
class Day:
    """`link` is how one comes into the picnic. Whatever fails in `tasks` ends the day."""

    street: Street
    house: House
    tasks: asyncio.TaskGroup
    picnic: int = 0
    link: str = ""

    @property
    def server(self) -> Server:
        assert self.street.server is not None
        return self.street.server


@asynccontextmanager
async def open_day() -> AsyncIterator[Day]:
    async with (
        open_street(confirmation_required="true", **_LIVELY) as street,
        House.at(street.url, {}) as house,
        asyncio.TaskGroup() as tasks,
    ):
        yield Day(street, house, tasks)
