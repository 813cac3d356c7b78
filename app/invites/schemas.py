"""Shapes of invites on the wire."""

from pydantic import BaseModel, ConfigDict, Field, StrictInt
from typing_extensions import TypedDict

from app.conversations.schemas import ConversationOut, MemberOut
from app.kit.text import Text

# A week is long enough to be read, and a month for what is forgotten.
EXPIRES_IN_HOURS, EXPIRES_IN_HOURS_MAX = 7 * 24, 30 * 24
# As many as a group has room for.
USES_MAX = 1_000
TOKEN_MAX_CHARACTERS = 200


class InviteDraft(BaseModel):
    """Without `uses` any number of people may join by it, until it expires."""

    expires_in_hours: StrictInt = Field(EXPIRES_IN_HOURS, ge=1, le=EXPIRES_IN_HOURS_MAX)
    uses: StrictInt | None = Field(None, ge=1, le=USES_MAX)

    model_config = ConfigDict(json_schema_extra={"example": {"expires_in_hours": 24, "uses": 10}})


class InviteAnswer(BaseModel):
    """In the body, where no log and no history of a browser keeps it."""

    token: Text = Field(max_length=TOKEN_MAX_CHARACTERS)

    model_config = ConfigDict(
        json_schema_extra={"example": {"token": "kq3Zt0cV9mYxR7uWb1sHn5dGf8jLpA2eTiCoXyQvMwE"}}
    )


class InviteOut(TypedDict):
    """An invite without its token; `user_id` made it. Any number may join without `uses_left`."""

    id: int
    user_id: int
    uses_left: int | None
    created_at: str
    expires_at: str


class NewInviteOut(InviteOut):
    """`token` is shown this once: only its digest is kept."""

    token: str


class JoinedOut(TypedDict):
    """Where one is now, and as what."""

    conversation: ConversationOut
    member: MemberOut
