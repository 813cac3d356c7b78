"""News about access, and for one person."""

from app.kit.events import Event, to_json

# Every process listens to this topic, and forwards nothing of it to clients.
CONTROL = "control"


def access_taken(user_id: int) -> Event:
    """This person lost a login or a membership: look again at whatever they have open."""
    return Event(CONTROL, "control.drop", to_json({"user_id": user_id}), ephemeral=True)


def topic_of(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def topic_of_user(user_id: int) -> str:
    """What concerns one person alone."""
    return f"user:{user_id}"


def login_created(user_id: int, login_id: int) -> Event:
    return Event(topic_of_user(user_id), "login.created", to_json({"login": {"id": login_id}}))


def login_ended(user_id: int, login_id: int) -> Event:
    return Event(topic_of_user(user_id), "login.ended", to_json({"login": {"id": login_id}}))
