"""News about messages."""

from dataclasses import dataclass

from app.auth.events import topic_of as topic_of
from app.auth.events import topic_of_user
from app.kit.clock import iso_in_sql
from app.kit.events import Event, to_json
from app.messages.schemas import MessageDraft, MessageOut, ReactionOut
from app.unread.mentions import Mentions

MESSAGE_CREATED = "message.created"

_ISO = iso_in_sql("created_at")
_QUOTE = """(
    SELECT '{"id":' || id || ',"seq":' || seq || ',"user_id":' || user_id
        || ',"body":' || to_json(body) || '}'
    FROM quoted
)"""
_FILES = "(SELECT shown::text FROM files)"


def message_created_data(*, is_reply: bool, has_files: bool, rest: str = ":rest") -> str:
    """The event's data, as SQL over the message that was just inserted, its quote and its files.

    That is what only Postgres knows, and the rest as it was encoded here. So posting, of one or of
    many, is a single statement.
    """
    return f"""
        '{{"message":{{"id":' || id || ',"seq":' || seq
        || ',"created_at":"' || {_ISO} || '","updated_at":"' || {_ISO}
        || '","reply_to":' || {_QUOTE if is_reply else "'null'"}
        || ',"attachments":' || {_FILES if has_files else "'[]'"} || ',' || {rest}
    """


def message_created_rest(
    conversation_id: int, author_id: int, draft: MessageDraft, mentions: Mentions
) -> str:
    """The fields of the message that are known beforehand, and the end of the data."""
    known = {
        "conversation_id": conversation_id,
        "user_id": author_id,
        "body": draft.body,
        "client_id": draft.client_id,
        "mentions": mentions.user_ids,
        "mentions_everyone": mentions.everyone,
        "edited_at": None,
        "withdrawn_at": None,
        "pinned_at": None,
        "replies_count": 0,
        "reactions": [],
    }
    return to_json(known).removeprefix("{") + "}"


def message_in(data: str) -> str:
    """The message of whose posting the event tells. Shape: the text of a JSON object."""
    return data.removeprefix('{"message":')[:-1]


MENTION_CREATED = "mention.created"

# As SQL over the message that was just inserted, beside the event that tells of it.
MENTION_CREATED_DATA = """
    '{"message":{"id":' || message.id || ',"conversation_id":' || :conversation_id
    || ',"seq":' || message.seq || '},"by":' || :user_id || '}'
"""


def mention_created(user_id: int, message: MessageOut) -> Event:
    """For somebody who is named: by ids only, for the words may be withdrawn."""
    about = {key: message[key] for key in ("id", "conversation_id", "seq")}
    data = to_json({"message": about, "by": message["user_id"]})
    return Event(topic_of_user(user_id), MENTION_CREATED, data)


def message_edited(message: MessageOut) -> Event:
    """The whole message, as it is now."""
    data = to_json({"message": message})
    return Event(topic_of(message["conversation_id"]), "message.edited", data)


def message_withdrawn(tombstone: MessageOut, replied_to: dict[str, int] | None, by: int) -> Event:
    """Shape: `replied_to` is {"id", "replies_count"} of what it was a reply to."""
    data = to_json({"message": tombstone, "replied_to": replied_to, "by": by})
    return Event(topic_of(tombstone["conversation_id"]), "message.withdrawn", data)


def message_pinned(conversation_id: int, message_id: int, pinned_at: str, by: int) -> Event:
    """By its id only: whoever has not got it asks for it, and the words may be withdrawn."""
    data = to_json({"message": {"id": message_id, "pinned_at": pinned_at}, "by": by})
    return Event(topic_of(conversation_id), "message.pinned", data)


def message_unpinned(conversation_id: int, message_id: int, by: int) -> Event:
    data = to_json({"message": {"id": message_id, "pinned_at": None}, "by": by})
    return Event(topic_of(conversation_id), "message.unpinned", data)


@dataclass(frozen=True)
class Reacted:
    """`reactions` are all that the message has now."""

    message_id: int
    user_id: int
    emoji: str
    reactions: list[ReactionOut]

    def news(self, conversation_id: int, name: str) -> Event:
        """Shape: `user_id` is who reacted: everybody knows by it whether it was they themselves."""
        message = {"id": self.message_id, "reactions": self.reactions}
        data = to_json({"message": message, "emoji": self.emoji, "user_id": self.user_id})
        return Event(topic_of(conversation_id), name, data)


def reaction_added(conversation_id: int, reacted: Reacted) -> Event:
    return reacted.news(conversation_id, "reaction.added")


def reaction_removed(conversation_id: int, reacted: Reacted) -> Event:
    return reacted.news(conversation_id, "reaction.removed")
