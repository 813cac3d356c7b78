"""Shapes of conversations on the wire."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field
from typing_extensions import TypedDict

from app.auth.profiles import AvatarUrl
from app.auth.schemas import UserOut
from app.kit.text import Text, is_blank, one_line, refuse
from app.messages.schemas import LastMessageOut, MessageOut
from app.preferences.schemas import PreferencesOut
from app.unread.schemas import UnreadOut

TITLE_MAX_CHARACTERS = 200
PARTICIPANTS_MAX = 1_000
_IDS_MAX = 10 * PARTICIPANTS_MAX  # Some may be named more than once.
_BIGGEST_ID = 2**63 - 1


def _person_id(value: Any) -> int:
    """An integer, or a string of digits, as forms send them."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,19}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse("not_an_integer", "must be an integer")
    return value if 0 < value <= _BIGGEST_ID else 0  # Nobody has the id 0.


PersonId = Annotated[int, BeforeValidator(_person_id)]


def _ids(value: Any) -> Any:
    """Before each is looked at: a request has room for half a million."""
    if isinstance(value, list) and len(value) > _IDS_MAX:
        refuse("too_many", f"are too many (maximum is {PARTICIPANTS_MAX:,} people)")
    return value


# The first that is none is told, not each of half a million.
PersonIds = Annotated[list[PersonId], FailFast(), BeforeValidator(_ids)]


def _title(text: str | None) -> str | None:
    title = one_line(text or "")
    if len(title) > TITLE_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {TITLE_MAX_CHARACTERS} characters)")
    return None if is_blank(title) else title


class ConversationDraft(BaseModel):
    participant_ids: Annotated[
        PersonIds,
        Field(description="The others. You are always a participant"),
    ]
    title: Annotated[Text | None, AfterValidator(_title)] = Field(
        None, description="Of a group; a direct conversation has none"
    )

    model_config = ConfigDict(
        json_schema_extra={"example": {"participant_ids": [1, 2], "title": "Lunch"}}
    )


class ConversationEdit(BaseModel):
    """What is named is changed; null or blank clears it: a group has a title all the same."""

    title: Annotated[Text | None, AfterValidator(_title)] = None
    picture_url: AvatarUrl = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"title": "Lunch", "picture_url": "https://example.com/lunch.png"}
        }
    )


class ConversationOut(TypedDict):
    """A conversation. `updated_at` is when it was last active: when something was said."""

    id: int
    title: str | None
    picture_url: str | None
    group: bool
    created_at: str
    updated_at: str


class MemberOut(UserOut):
    """A person in a conversation: `owner`, `admin` or `member` of a group, since when."""

    role: str
    joined_at: str


class OwnOut(UnreadOut):
    """What a conversation is to the one who asks. What is unread is of exactly position `seq`."""

    preferences: PreferencesOut
    seq: int


class ListedConversation(ConversationOut, OwnOut):
    """A conversation, with the people in it, and what it is to the one who asks."""

    users: list[MemberOut]
    last_message: LastMessageOut | None


class OpenedConversation(OwnOut):
    """A conversation with its people and its last 50 messages, oldest first.

    `seq` is a position that it includes: whoever listens from there on misses nothing. What comes
    right behind may be here already, so put what you hear in its place by its id. Preferences
    stand beside the conversation: `conversation.edited` replaces it for everybody, and not them.
    """

    conversation: ConversationOut
    participants: list[MemberOut]
    messages: list[MessageOut]
