"""News about access."""

from app.kit.events import Event, to_json

# Every process listens to this topic, and forwards nothing of it to clients.
CONTROL = "control"


def access_taken(user_id: int) -> Event:
    """This person lost a login or a membership: look again at whatever they have open."""
    return Event(CONTROL, "control.drop", to_json({"user_id": user_id}), ephemeral=True)
