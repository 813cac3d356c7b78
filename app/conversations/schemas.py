"""Shapes of conversations on the wire."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field
from typing_extensions import TypedDict

from app.auth.schemas import UserOut
from app.kit.text import Text, is_blank, one_line, refuse
from app.messages.schemas import MessageOut

TITLE_MAX_CHARACTERS = 200
PARTICIPANTS_MAX = 1_000
_IDS_MAX = 10 * PARTICIPANTS_MAX  # Some may be named more than once.
_BIGGEST_ID = 2**63 - 1


def _id(value: Any) -> int:
    """An integer, or a string of digits, as forms send them."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,19}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse("not_an_integer", "must be an integer")
    return value if 0 < value <= _BIGGEST_ID else 0  # Nobody has the id 0.


def _ids(value: Any) -> Any:
    """Before each is looked at: a request has room for half a million."""
    if isinstance(value, list) and len(value) > _IDS_MAX:
        refuse("too_many", f"are too many (maximum is {PARTICIPANTS_MAX:,} people)")
    return value


def _title(text: str | None) -> str | None:
    title = one_line(text or "")
    if len(title) > TITLE_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {TITLE_MAX_CHARACTERS} characters)")
    return None if is_blank(title) else title


class ConversationDraft(BaseModel):
    participant_ids: Annotated[
        list[Annotated[int, BeforeValidator(_id)]],
        FailFast(),
        BeforeValidator(_ids),
        Field(description="The others. You are always a participant"),
    ]
    title: Annotated[Text | None, AfterValidator(_title)] = Field(
        None, description="Of a group; a direct conversation has none"
    )

    model_config = ConfigDict(
        json_schema_extra={"example": {"participant_ids": [1, 2], "title": "Lunch"}}
    )


class ConversationOut(TypedDict):
    """A conversation. `updated_at` is when it was last active."""

    id: int
    title: str | None
    group: bool
    created_at: str
    updated_at: str


class ListedConversation(ConversationOut):
    """A conversation, with the people in it."""

    users: list[UserOut]


class OpenedConversation(TypedDict):
    """A conversation with its people and its last 50 messages, oldest first."""

    conversation: ConversationOut
    participants: list[UserOut]
    messages: list[MessageOut]
