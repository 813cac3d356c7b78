"""Removing files. A row says `removed` in the transaction that wants it gone; a job erases the
bytes, and then the row. If that fails for good, the sweep asks for it again."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.attachments import queries
from app.attachments.actions.depot import Depot, all_keys
from app.kit.jobs import enqueue
from app.kit.settings import Settings
from app.models import Attachment, AttachmentState

_SWEPT_AT_ONCE = 500  # Files: as many as one job erases.


async def remove_of_message(session: AsyncSession, message_id: int) -> Sequence[int]:
    """Answers the positions of the news that told of them, besides the message itself."""
    rows = await _remove(session, Attachment.message_id == message_id)
    return [row.processed_seq for row in rows if row.processed_seq is not None]


async def remove_unattached(session: AsyncSession, user_id: int) -> None:
    """What somebody has uploaded and not sent. An upload that still runs is left to itself."""
    is_theirs = and_(Attachment.user_id == user_id, Attachment.message_id.is_(None))
    await _remove(session, and_(is_theirs, Attachment.state != AttachmentState.UPLOADING))


async def sweep(session: AsyncSession, settings: Settings) -> bool:
    """A portion of what is in no message for too long. Answers whether there may be more."""
    now, uploading = func.now(), Attachment.state == AttachmentState.UPLOADING
    # Twice as long as it may take: it is not taken away from somebody who is just finishing.
    broken_off = now - timedelta(seconds=2 * settings.attachment_upload_max_seconds)
    forgotten = now - timedelta(hours=settings.attachment_unattached_lasts_hours)
    is_old = or_(
        and_(uploading, Attachment.updated_at < broken_off), Attachment.updated_at < forgotten
    )
    portion = select(Attachment.id).where(Attachment.message_id.is_(None), is_old)
    portion = portion.limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)
    return len(await _remove(session, Attachment.id.in_(portion))) == _SWEPT_AT_ONCE


async def _remove(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[Attachment]:
    removed = update(Attachment).where(which).returning(Attachment)
    values = {"state": AttachmentState.REMOVED, "message_id": None, "name": ""}
    rows = (
        (await session.execute(removed.values(values | {"updated_at": func.now()}))).scalars().all()
    )
    if rows:
        await enqueue(session, "attachments.erase", {"ids": [row.id for row in rows]})
    return rows


async def erase(depot: Depot, ids: Sequence[int]) -> None:
    """The bytes first: a row that is left shows what there still is to do. Safe to repeat."""
    async with depot.database.autocommit() as session:
        removed = await queries.list_removed(session, ids)
    for attachment in removed:
        await depot.storage.delete(*all_keys(attachment.key))
    async with depot.database.unit_of_work() as session:
        gone = [attachment.id for attachment in removed]
        await session.execute(delete(Attachment).where(Attachment.id.in_(gone)))
