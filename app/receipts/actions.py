"""Writing down how far people are, and forgetting what others were told of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit import log
from app.kit.db import AnyRow, announce
from app.messages.events import topic_of
from app.models import Participant, User
from app.receipts.events import receipts_removed, receipts_updated
from app.receipts.marks import Mark
from app.receipts.queries import show_receipt
from app.receipts.schemas import MarkedOut, ReceiptOut
from app.unread.events import unread_updated
from app.unread.queries import show_unread

# Shape: (conversation id, user id)
Place = tuple[int, int]

# Only where the mark moves is anything counted: what lies behind it, mostly nothing. While the log
# of the conversation is held nothing that is looked at here changes, but for what somebody lets
# others know: whoever stops that forgets all of it afterwards, under the same lock.
_WRITE = text("""
    WITH said AS (
        SELECT * FROM unnest(
            cast(:conversation_ids AS bigint[]), cast(:user_ids AS bigint[]),
            cast(:at_least AS bigint[]), cast(:at_most AS bigint[]),
            cast(:seen AS bigint[]), cast(:delivered AS bigint[])
        ) AS said(conversation_id, user_id, at_least, at_most, seen, delivered)
    ),
    standing AS MATERIALIZED (
        SELECT seat.conversation_id, seat.user_id, messages_count,
            moved.last_read_seq, moved.has_moved,
            CASE WHEN has_moved THEN behind.unread ELSE messages_count - read_count END
                AS unread_count,
            CASE WHEN has_moved THEN behind.mentions ELSE unread_mentions END AS unread_mentions,
            read_receipts AND said.seen > seat.seen_seq AS has_seen,
            read_receipts AND said.delivered > seat.delivered_seq AS has_got,
            said.seen, said.delivered
        FROM said
        JOIN participants AS seat USING (conversation_id, user_id)
        JOIN conversations ON conversations.id = seat.conversation_id
        JOIN users ON users.id = seat.user_id
        CROSS JOIN LATERAL (
            SELECT target AS last_read_seq, target <> seat.last_read_seq AS has_moved
            FROM (SELECT least(greatest(seat.last_read_seq, at_least), at_most)) AS _(target)
        ) AS moved
        CROSS JOIN LATERAL (
            SELECT count(*) AS unread, count(*) FILTER (
                WHERE mentions_everyone OR seat.user_id = ANY(mentioned_ids)
            ) AS mentions
            FROM messages
            WHERE moved.has_moved AND messages.conversation_id = seat.conversation_id
                AND seq > moved.last_read_seq AND messages.user_id <> seat.user_id
                AND withdrawn_at IS NULL
        ) AS behind
    ),
    written AS (
        UPDATE participants AS seat
        SET last_read_seq = standing.last_read_seq,
            read_count = messages_count - standing.unread_count,
            unread_mentions = standing.unread_mentions,
            seen_seq = CASE WHEN has_seen THEN seen ELSE seen_seq END,
            seen_at = CASE WHEN has_seen THEN statement_timestamp() ELSE seen_at END,
            delivered_seq = CASE WHEN has_got THEN delivered ELSE delivered_seq END,
            delivered_at = CASE WHEN has_got THEN statement_timestamp() ELSE delivered_at END
        FROM standing
        WHERE (has_moved OR has_seen OR has_got)
            AND seat.conversation_id = standing.conversation_id
            AND seat.user_id = standing.user_id
        RETURNING seat.conversation_id, seat.user_id,
            seen_seq, seen_at, delivered_seq, delivered_at
    )
    SELECT conversation_id, user_id, last_read_seq, unread_count, unread_mentions, has_moved,
        has_seen OR has_got AS is_further, seen_seq, seen_at, delivered_seq, delivered_at
    FROM standing LEFT JOIN written USING (conversation_id, user_id)
    ORDER BY conversation_id, user_id
""")


async def write(session: AsyncSession, marks: Mapping[Place, Mark]) -> dict[Place, MarkedOut]:
    """However many they are, a fixed number of statements. Nobody is told of what stays as it is.

    Whoever has left meanwhile is not in the answer.
    """
    topics = {topic_of(conversation_id) for conversation_id, _ in marks}
    heads = await log.hold_all(session, topics)
    rows = (await session.execute(_WRITE, _columns(marks, heads))).all()
    for row in rows:
        if row.has_moved:
            head = heads[topic_of(row.conversation_id)]
            announce(
                session, unread_updated(row.user_id, row.conversation_id, head, show_unread(row))
            )
    for conversation_id, receipts in _by_conversation(rows).items():
        announce(session, receipts_updated(conversation_id, receipts))
    return {(row.conversation_id, row.user_id): _show_marked(row) for row in rows}


def _columns(marks: Mapping[Place, Mark], heads: Mapping[str, int]) -> dict[str, list[int]]:
    real = {place: mark.up_to(heads.get(topic_of(place[0]), 0)) for place, mark in marks.items()}
    return {
        "conversation_ids": [conversation_id for conversation_id, _ in real],
        "user_ids": [user_id for _, user_id in real],
        "at_least": [mark.at_least for mark in real.values()],
        "at_most": [mark.at_most for mark in real.values()],
        "seen": [mark.seen for mark in real.values()],
        "delivered": [mark.delivered for mark in real.values()],
    }


def _by_conversation(rows: Sequence[AnyRow]) -> dict[int, list[ReceiptOut]]:
    receipts: dict[int, list[ReceiptOut]] = defaultdict(list)
    for row in rows:
        if row.is_further:
            receipts[row.conversation_id].append(show_receipt(row))
    return receipts


def _show_marked(row: AnyRow) -> MarkedOut:
    return {"conversation_id": row.conversation_id, **show_unread(row)}


async def forget(session: AsyncSession, conversation_id: int, user_id: int) -> None:
    """Others forget how far somebody is, unless they may know it again by now. Safe to repeat."""
    await log.hold(session, topic_of(conversation_id))
    user = await session.get(User, user_id)
    if user is None or user.read_receipts:
        return
    receipt = update(Participant).where(
        Participant.conversation_id == conversation_id,
        Participant.user_id == user_id,
        Participant.delivered_seq > 0,
    )
    nothing = {"seen_seq": 0, "seen_at": None, "delivered_seq": 0, "delivered_at": None}
    forgotten = await session.execute(receipt.values(nothing).returning(Participant.user_id))
    if forgotten.first():
        announce(session, receipts_removed(conversation_id, user_id))
