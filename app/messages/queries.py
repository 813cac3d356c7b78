"""Questions about messages. Rows go straight to the wire: no objects are made of them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.db import AnyRow, AnySelect
from app.kit.paging import Cursor, Window
from app.messages.schemas import MessageOut, MessagePage, PageInfo
from app.models import Message, Participant

# In the order of the event's data, so that a message reads the same everywhere.
_COLUMNS = (
    Message.id,
    Message.seq,
    Message.created_at,
    Message.updated_at,
    Message.conversation_id,
    Message.user_id,
    Message.body,
    Message.client_id,
)

_IS_AUTHOR = and_(
    Participant.conversation_id == Message.conversation_id, Participant.user_id == Message.user_id
)


def show_message(row: AnyRow) -> MessageOut:
    message_id, seq, created_at, updated_at, conversation_id, user_id, body, client_id = row
    return {
        "id": message_id,
        "seq": seq,
        "created_at": iso(created_at),
        "updated_at": iso(updated_at),
        "conversation_id": conversation_id,
        "user_id": user_id,
        "body": body,
        "client_id": client_id,
    }


async def find_by_client_id(
    session: AsyncSession, conversation_id: int, author_id: int, client_id: str | None
) -> MessageOut | None:
    """For as long as its author is in the conversation."""
    query = (
        select(*_COLUMNS)
        .join(Participant, _IS_AUTHOR)
        .where(
            Message.conversation_id == conversation_id,
            Message.user_id == author_id,
            Message.client_id == client_id,
        )
    )
    row = (await session.execute(query)).one_or_none()
    return show_message(row) if row else None


async def list_by_id(
    session: AsyncSession, reader_id: int, ids: Collection[int]
) -> dict[int, MessageOut]:
    """Of these, what somebody may read now."""
    is_reader = and_(
        Participant.conversation_id == Message.conversation_id, Participant.user_id == reader_id
    )
    query = select(*_COLUMNS).join(Participant, is_reader).where(Message.id.in_(ids))
    return {row.id: show_message(row) for row in await session.execute(query)}


@dataclass(frozen=True)
class HistoryPage:
    """Some messages, and where the history goes on.

    Shape: `links` has `prev` for what is older and `next` for what is newer, where there is any.
    """

    answer: MessagePage
    links: dict[str, dict[str, object]]


async def find_page(session: AsyncSession, conversation_id: int, window: Window) -> HistoryPage:
    """The nearest messages after `after`, or else the nearest before `before`, or the newest."""
    history = select(*_COLUMNS).where(Message.conversation_id == conversation_id)
    if window.around is not None:
        return await _find_around(session, history, window.around, window)
    if window.after is not None:
        nearest = history.where(newer_than(window.after)).order_by(Message.seq)
    else:
        nearest = history.order_by(Message.seq.desc())
        if window.before is not None:
            nearest = nearest.where(older_than(window.before))
    rows = list((await session.execute(nearest.limit(window.limit + 1))).all())
    goes_on, rows = len(rows) > window.limit, rows[: window.limit]
    if window.after is None:
        rows.reverse()
    messages = [show_message(row) for row in rows]
    links = await _links(session, history, window, messages, goes_on)
    return HistoryPage({"messages": messages, "page_info": _page_info(messages, window)}, links)


async def _find_around(
    session: AsyncSession, history: AnySelect, place: Cursor, window: Window
) -> HistoryPage:
    """Half of the page is older than the place; the other half, the bigger one, begins there."""
    before, after = window.limit // 2, window.limit - window.limit // 2
    older = history.where(older_than(place)).order_by(Message.seq.desc()).limit(before + 1)
    newer = history.where(newer_than(place.earlier())).order_by(Message.seq).limit(after + 1)
    above = list((await session.execute(older)).all())
    below = list((await session.execute(newer)).all())
    rows = [*reversed(above[:before]), *below[:after]]
    messages = [show_message(row) for row in rows]
    links: dict[str, dict[str, object]] = {}
    if len(above) > before:
        oldest = Cursor(messages[0]["seq"]) if messages else place
        links["prev"] = {"before": oldest, "limit": window.limit}
    if len(below) > after:
        links["next"] = {"after": Cursor(messages[-1]["seq"]), "limit": window.limit}
    return HistoryPage({"messages": messages, "page_info": _page_info(messages, window)}, links)


def newer_than(cursor: Cursor) -> ColumnElement[bool]:
    return (Message.seq if isinstance(cursor.at, int) else Message.created_at) > cursor.at


def older_than(cursor: Cursor) -> ColumnElement[bool]:
    return (Message.seq if isinstance(cursor.at, int) else Message.created_at) < cursor.at


def _page_info(messages: list[MessageOut], window: Window) -> PageInfo:
    """An empty page repeats the cursor that was asked with, so that a poller keeps its place."""
    oldest = messages[0]["created_at"] if messages else None
    newest = messages[-1]["created_at"] if messages else None
    asked_before = str(window.before) if window.before else None
    asked_after = str(window.after) if window.after else None
    return {
        "count": len(messages),
        "oldest": oldest,
        "newest": newest,
        "cursor": {"before": oldest or asked_before, "after": newest or asked_after},
    }


async def _links(
    session: AsyncSession,
    history: AnySelect,
    window: Window,
    messages: list[MessageOut],
    goes_on: bool,
) -> dict[str, dict[str, object]]:
    """Only the side that we came from needs a look: the page itself told about the other."""
    oldest = Cursor(messages[0]["seq"]) if messages else None
    newest = Cursor(messages[-1]["seq"]) if messages else None
    if window.after is not None:
        oldest = oldest or window.after.later()
        is_older = await _has_any(session, history.where(older_than(oldest)))
        is_newer = goes_on
    elif window.before is not None:
        newest = newest or window.before.earlier()
        is_older = goes_on
        is_newer = await _has_any(session, history.where(newer_than(newest)))
    else:
        is_older, is_newer = goes_on, False
    links: dict[str, dict[str, object]] = {}
    if is_older:
        links["prev"] = {"before": oldest, "limit": window.limit}
    if is_newer:
        links["next"] = {"after": newest, "limit": window.limit}
    return links


async def _has_any(session: AsyncSession, query: AnySelect) -> bool:
    return (await session.execute(query.limit(1))).first() is not None
