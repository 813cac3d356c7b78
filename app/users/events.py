"""News about people, for the house itself."""

from app.kit.events import Event, to_json

# Every process listens to this topic, and forwards nothing of it to clients.
VISIBILITY = "visibility"


def visibility_edited(user_id: int) -> Event:
    """Whether others may know if this person is here has changed."""
    return Event(VISIBILITY, "visibility.edited", to_json({"user_id": user_id}), ephemeral=True)
