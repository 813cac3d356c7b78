"""Shapes of messages on the wire."""

from typing import Annotated, NotRequired, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    ValidationInfo,
    field_validator,
)
from typing_extensions import TypedDict

from app.attachments.schemas import AttachmentOut
from app.kit.emoji import read_emoji
from app.kit.errors import Invalid
from app.kit.text import Text, is_blank, refuse

BODY_MAX_CHARACTERS = 10_000
CLIENT_ID_MAX_CHARACTERS = 64
# Different ones on one message: more would fill a screen, and all are sent with it.
REACTIONS_MAX = 50
# Of the people in a conversation, up to whom anybody may call everyone: they know each other.
CALL_EVERYONE_MAX = 20
# Enough to recognize a message by; it is sent along with each reply.
QUOTE_MAX_CHARACTERS = 140
# More than anybody corrects a text. Each is kept whole, and all are shown at once.
VERSIONS_MAX = 50
# More would be an album. All of them are sent along with the message.
ATTACHMENTS_MAX = 10


def _bounded(text: str) -> str:
    """Stored as it was sent; only its length is that of the trimmed text."""
    if len(text.strip()) > BODY_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {BODY_MAX_CHARACTERS:,} characters)")
    return text


def _not_blank(text: str) -> str:
    if is_blank(text):
        refuse("blank", "can't be blank")
    return text


ClientId = Annotated[Text, Field(min_length=1, max_length=CLIENT_ID_MAX_CHARACTERS)]


Caption = Annotated[Text, AfterValidator(_bounded)]
Body = Annotated[Caption, AfterValidator(_not_blank)]


def _storable_id(id: int) -> int:
    return id if 0 < id < 2**63 else 0  # Nothing has the id 0.


RowId = Annotated[StrictInt, AfterValidator(_storable_id)]


def _few(ids: list[int]) -> list[int]:
    if len(ids) > ATTACHMENTS_MAX:
        refuse("too_many", f"are too many (maximum is {ATTACHMENTS_MAX})")
    return ids


class MessageDraft(BaseModel):
    """The attachments stand first, as the body is looked at by what they are."""

    attachment_ids: Annotated[list[RowId], AfterValidator(_few)] = Field(
        [], description="Uploads of mine that are in no message yet: up to 10, in this order"
    )
    body: Caption = Field(
        "", validate_default=True, description="May be empty only beside attachments"
    )
    reply_to: RowId | None = Field(None, description="The id of a message in the same conversation")
    client_id: ClientId | None = Field(
        None, description="Yours to choose: sending it again never makes a second message"
    )

    model_config = ConfigDict(
        json_schema_extra={"example": {"body": "Hello, Bob!", "client_id": "a1b2c3"}}
    )

    @field_validator("body")
    @classmethod
    def _says_something(cls, body: str, info: ValidationInfo) -> str:
        """If the attachments were refused, that is complaint enough."""
        return body if info.data.get("attachment_ids", True) else _not_blank(body)

    def keyed(self, header: str | None) -> Self:
        """Take the key of the `Idempotency-Key` header, if there is one; it may be quoted.

        Raises: Invalid when the body names another key, or the header's will not do.
        """
        if header is None:
            return self
        key = header.strip()
        if len(key) > 1 and key[0] == key[-1] == '"':
            key = key[1:-1]
        if not key or len(key) > CLIENT_ID_MAX_CHARACTERS or not key.isprintable():
            raise Invalid.field("idempotency_key", "invalid", "is invalid")
        if self.client_id not in (None, key):
            raise Invalid.field("idempotency_key", "mismatch", "and client_id must be the same")
        return self.model_copy(update={"client_id": key})


def _emoji(text: str) -> str:
    return read_emoji(text) or refuse("invalid", "must be one emoji")


Emoji = Annotated[str, AfterValidator(_emoji)]


class MessageEdit(BaseModel):
    body: Body

    model_config = ConfigDict(json_schema_extra={"example": {"body": "Hello, Bob and Carol!"}})


class QuoteOut(TypedDict):
    """What a reply replies to, as it is now: the first 140 characters of it."""

    id: int
    seq: int
    user_id: int
    body: str


class ReactionOut(TypedDict):
    emoji: str
    count: int


class MessageOut(TypedDict):
    """A message. `seq` is its position among the events of its conversation.

    One that was withdrawn says so; its body is empty, and it is no reply any more. `mentions` are
    the ids of those in the conversation whom the text named by `@username`. Beside attachments the
    body may be empty.
    `my_reactions` is only where somebody reads the history, and has any: what is told to everybody
    is the same for all.
    """

    id: int
    seq: int
    created_at: str
    updated_at: str
    conversation_id: int
    user_id: int
    body: str
    client_id: str | None
    mentions: list[int]
    mentions_everyone: bool
    edited_at: str | None
    withdrawn_at: str | None
    pinned_at: str | None
    reply_to: QuoteOut | None
    attachments: list[AttachmentOut]
    replies_count: int
    reactions: list[ReactionOut]
    my_reactions: NotRequired[list[str]]


class LastMessageOut(TypedDict):
    """What was said last, for a list: the first 140 characters of it, or that it was withdrawn."""

    id: int
    seq: int
    created_at: str
    user_id: int
    body: str
    withdrawn_at: str | None


class VersionOut(TypedDict):
    """What a message said before, and when it had been written."""

    body: str
    created_at: str


class PinOut(TypedDict):
    """A message that is pinned; `pinned_by` is the id of whoever did it."""

    message: MessageOut
    pinned_by: int
    pinned_at: str


class PageCursor(TypedDict):
    """Times; what to ask with for the pages before and after this one."""

    before: str | None
    after: str | None


class PageInfo(TypedDict):
    count: int
    oldest: str | None
    newest: str | None
    cursor: PageCursor


class MessagePage(TypedDict):
    """Oldest first."""

    messages: list[MessageOut]
    page_info: PageInfo
