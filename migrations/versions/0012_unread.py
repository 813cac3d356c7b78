"""What is unread, and who has read how far."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_COUNT_MESSAGES = """
    UPDATE conversations SET messages_count = counted.messages
    FROM (
        SELECT conversation_id, count(*) AS messages FROM messages
        WHERE withdrawn_at IS NULL GROUP BY conversation_id
    ) AS counted
    WHERE id = counted.conversation_id
"""

_COUNT_READ = """
    UPDATE participants
    SET read_count = messages_count - counted.unread, unread_mentions = counted.mentions
    FROM participants AS seat
    JOIN conversations ON conversations.id = seat.conversation_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS unread, count(*) FILTER (
            WHERE mentions_everyone OR seat.user_id = ANY(mentioned_ids)
        ) AS mentions
        FROM messages
        WHERE messages.conversation_id = seat.conversation_id AND seq > seat.last_read_seq
            AND messages.user_id <> seat.user_id AND withdrawn_at IS NULL
    ) AS counted
    WHERE participants.conversation_id = seat.conversation_id
        AND participants.user_id = seat.user_id
"""

# Whoever posts waits for the conversation's log first. Within the one statement that they do it by,
# they would not see who joined meanwhile: what a function asks, it asks at that moment.
_COUNT_MENTION = """
    CREATE FUNCTION count_mention(
        conversation_id bigint, author_id bigint, mentioned_ids bigint[], mentions_everyone boolean
    ) RETURNS SETOF bigint
    LANGUAGE sql VOLATILE AS $$
        UPDATE participants SET unread_mentions = unread_mentions + 1
        WHERE conversation_id = $1 AND user_id <> $2 AND ($4 OR user_id = ANY($3))
        RETURNING user_id
    $$
"""


def upgrade() -> None:
    op.add_column("conversations", _number("messages_count"))
    for name in ("read_count", "unread_mentions", "seen_seq", "delivered_seq"):
        op.add_column("participants", _number(name))
    for name in ("seen_at", "delivered_at"):
        op.add_column("participants", sa.Column(name, sa.DateTime(True)))
    op.add_column(
        "users", sa.Column("read_receipts", sa.Boolean, server_default=sa.true(), nullable=False)
    )
    op.execute(_COUNT_MESSAGES)
    op.execute(_COUNT_READ)
    op.execute(_COUNT_MENTION)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, server_default="0", nullable=False)


def downgrade() -> None:
    op.execute("DROP FUNCTION count_mention(bigint, bigint, bigint[], boolean)")
    op.drop_column("users", "read_receipts")
    for name in (
        *("delivered_at", "seen_at", "delivered_seq", "seen_seq"),
        *("unread_mentions", "read_count"),
    ):
        op.drop_column("participants", name)
    op.drop_column("conversations", "messages_count")
