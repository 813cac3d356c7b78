"""News about preferences, for one's other devices and nobody else."""

from app.auth.events import topic_of_user
from app.kit.events import Event, to_json
from app.preferences.schemas import PreferencesOut


def preferences_edited(user_id: int, conversation_id: int, preferences: PreferencesOut) -> Event:
    """All of them, so that whichever was heard last is how it is."""
    data = to_json({"conversation": {"id": conversation_id}, "preferences": preferences})
    return Event(topic_of_user(user_id), "preferences.edited", data)
