"""The tables: the nouns that everyone shares. They know each other and the kit, nobody else."""

from app.models.activity import Activity
from app.models.attachment import Attachment, AttachmentState
from app.models.conversation import Conversation
from app.models.event import Epoch, LoggedEvent, Stream
from app.models.invite import Invite
from app.models.login import Carrier, Login, Scope
from app.models.mailed_token import MailedToken, Purpose
from app.models.message import Message
from app.models.message_version import MessageVersion
from app.models.participant import MUTED_FOREVER, NotificationLevel, Participant, Role
from app.models.reaction import Reaction
from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.user import User

__all__ = [
    "MUTED_FOREVER",
    "Activity",
    "Attachment",
    "AttachmentState",
    "Carrier",
    "Conversation",
    "Epoch",
    "Invite",
    "LoggedEvent",
    "Login",
    "MailedToken",
    "Message",
    "MessageVersion",
    "NotificationLevel",
    "Participant",
    "Purpose",
    "Reaction",
    "RecoveryCode",
    "Role",
    "Scope",
    "SecondFactor",
    "Stream",
    "User",
]
