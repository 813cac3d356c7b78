"""News about what is unread, for one's own devices and nobody else."""

from app.auth.events import topic_of_user
from app.kit.events import Event, to_json
from app.unread.schemas import UnreadOut


def unread_updated(user_id: int, conversation_id: int, seq: int, unread: UnreadOut) -> Event:
    """When it is not what a device knows by counting along: what was read, or marked unread; and
    mentions that came or went with an edit or a withdrawal.

    Shape: the conversation's `seq` is the position that the numbers are of.
    """
    data = to_json({"conversation": {"id": conversation_id, "seq": seq}, **unread})
    return Event(topic_of_user(user_id), "unread.updated", data)
