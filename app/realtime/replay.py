"""What one listener missed: sent from the log, until they can hear with everybody else."""

from app.kit import log
from app.kit.db import Database
from app.kit.log import Position
from app.realtime.channel import Channel, Subscription

_READ_AT_ONCE = 500


async def resume(
    database: Database, channel: Channel, subscription: Subscription, since: Position | None
) -> None:
    """Send what came after `since`, then go live; from here on without it.

    The last comparison and going live happen in one turn of the loop, so nothing is between.
    What cannot be had any more, or never was, is said by `resync`.
    Raises: Unavailable when the log cannot be read.
    """
    epoch = channel.position.epoch
    await _place(database, channel, subscription, since)
    while subscription.seq < channel.position.seq and not subscription.has_left:
        await _send_page(database, channel, subscription)
    if channel.position.epoch != epoch:  # The data were replaced meanwhile.
        subscription.start_anew(channel.position)
    subscription.live = not subscription.has_left


async def _place(
    database: Database, channel: Channel, subscription: Subscription, since: Position | None
) -> None:
    if since is None:
        subscription.seq = channel.position.seq
    elif since.epoch == channel.position.epoch and await _has_come_to(database, channel, since.seq):
        subscription.seq = since.seq
    else:
        subscription.start_anew(channel.position)


async def _has_come_to(database: Database, channel: Channel, seq: int) -> bool:
    """The log may be ahead of what was delivered here."""
    if seq <= channel.position.seq:
        return True
    async with database.autocommit() as session:
        return seq <= (await log.position(session, channel.topic)).seq


async def _send_page(database: Database, channel: Channel, subscription: Subscription) -> None:
    async with database.autocommit() as session:
        missed = await log.since(session, channel.topic, subscription.seq, _READ_AT_ONCE)
    is_whole = bool(missed) and missed[0].seq == subscription.seq + 1
    if not is_whole and not subscription.has_left:
        subscription.start_anew(channel.position)  # It has been pruned.
        return
    for envelope in missed:
        if subscription.has_left:
            return
        subscription.seq = envelope.seq
        if (frame := subscription.encode(envelope, channel.position.epoch)) is not None:
            subscription.send(frame)
        await subscription.drained()  # A page may be more than an outbox holds.
