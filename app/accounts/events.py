"""News about somebody, for themselves."""

from app.auth.events import topic_of_user
from app.auth.queries import show_oneself
from app.kit.events import Event, to_json
from app.models import User


def profile_edited(user: User) -> Event:
    """For the person alone, so with their e-mail and settings."""
    data = to_json({"user": show_oneself(user)})
    return Event(topic_of_user(user.id), "profile.edited", data)
