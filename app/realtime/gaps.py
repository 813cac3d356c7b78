"""What the doorbell did not bring: read from the log, and delivered in its place."""

import asyncio

from app.kit import log
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.log import Position
from app.realtime.channel import Channel

_READ_AT_ONCE = 500


class Gaps:
    def __init__(self, database: Database) -> None:
        self._database = database

    def fill(self, channel: Channel) -> None:
        """Soon; a hole that is found meanwhile is filled too."""
        channel.is_behind = True
        if channel.filling is None:
            channel.filling = asyncio.create_task(self._read_up(channel))

    async def _read_up(self, channel: Channel) -> None:
        """Deliver from the log until nothing is known to be missing."""
        try:
            while channel.is_behind:
                channel.is_behind = False
                await self._read_on(channel)
        except Unavailable:
            pass  # The check of the next second tries again.
        finally:
            channel.filling = None

    async def _read_on(self, channel: Channel) -> None:
        async with self._database.autocommit() as session:
            # The head first: an event that is missing below it has been pruned.
            head = await log.position(session, channel.topic)
            missed = await log.since(
                session, channel.topic, channel.position.seq, limit=_READ_AT_ONCE
            )
        for envelope in missed:
            if not channel.deliver(envelope) and envelope.seq > channel.position.seq:
                channel.start_anew(Position(head.epoch, envelope.seq - 1))
                channel.deliver(envelope)
        if not missed and head.seq > channel.position.seq:
            channel.start_anew(head)
        channel.is_behind |= len(missed) == _READ_AT_ONCE
