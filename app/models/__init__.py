"""The tables: the nouns that everyone shares. They know each other and the kit, nobody else."""

from app.models.conversation import Conversation
from app.models.event import Epoch, LoggedEvent, Stream
from app.models.login import Login
from app.models.message import Message
from app.models.participant import Participant
from app.models.user import User

__all__ = [
    "Conversation",
    "Epoch",
    "LoggedEvent",
    "Login",
    "Message",
    "Participant",
    "Stream",
    "User",
]
