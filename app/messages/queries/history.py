"""The history, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import AnySelect
from app.kit.paging import Cursor, Window
from app.messages.queries.showing import select_messages, show_messages
from app.messages.schemas import MessageOut, MessagePage, PageInfo
from app.models import Message, Participant


async def list_by_id(
    session: AsyncSession, reader_id: int, ids: Collection[int]
) -> dict[int, MessageOut]:
    """Of these, what somebody may read now."""
    is_reader = and_(
        Participant.conversation_id == Message.conversation_id, Participant.user_id == reader_id
    )
    query = select_messages().join(Participant, is_reader).where(Message.id.in_(ids))
    rows = (await session.execute(query)).all()
    return {message["id"]: message for message in await show_messages(session, rows, reader_id)}


@dataclass(frozen=True)
class HistoryPage:
    """Some messages, and where the history goes on.

    Shape: `links` has `prev` for what is older and `next` for what is newer, where there is any.
    """

    answer: MessagePage
    links: dict[str, dict[str, object]]


async def find_page(
    session: AsyncSession, conversation_id: int, viewer_id: int, window: Window
) -> HistoryPage:
    """The nearest messages after `after`, or else the nearest before `before`, or the newest."""
    history = select_messages().where(Message.conversation_id == conversation_id)
    if window.around is not None:
        return await _find_around(session, history, viewer_id, window)
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
    messages = await show_messages(session, rows, viewer_id)
    links = await _links(session, history, window, messages, goes_on)
    return HistoryPage({"messages": messages, "page_info": _page_info(messages, window)}, links)


async def _find_around(
    session: AsyncSession, history: AnySelect, viewer_id: int, window: Window
) -> HistoryPage:
    """Half of the page is older than the place; the other half, the bigger one, begins there."""
    place = window.around
    assert place is not None
    before, after = window.limit // 2, window.limit - window.limit // 2
    older = history.where(older_than(place)).order_by(Message.seq.desc()).limit(before + 1)
    newer = history.where(newer_than(place.earlier())).order_by(Message.seq).limit(after + 1)
    above = list((await session.execute(older)).all())
    below = list((await session.execute(newer)).all())
    rows = [*reversed(above[:before]), *below[:after]]
    messages = await show_messages(session, rows, viewer_id)
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
