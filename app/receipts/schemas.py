"""Shapes of receipts on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt
from typing_extensions import TypedDict

from app.unread.schemas import UnreadOut

_BIGGEST_SEQ = 2**63 - 1


class MarkDraft(BaseModel):
    """A position in the conversation: that of a message, or of anything else that happened."""

    seq: Annotated[StrictInt, Field(ge=0, le=_BIGGEST_SEQ)]

    model_config = ConfigDict(json_schema_extra={"example": {"seq": 1}})


class MarkedOut(UnreadOut):
    """How far I have read of a conversation, and what is unread now."""

    conversation_id: int


class ReceiptOut(TypedDict):
    """How far somebody's devices have got it, and how far they have read it.

    `read_seq` is 0, and `read_at` null, for who has read nothing yet.
    """

    user_id: int
    read_seq: int
    read_at: str | None
    delivered_seq: int
    delivered_at: str


class ReceiptsOut(TypedDict):
    """Of everybody who lets others know. `seq` is a position that they include."""

    seq: int
    receipts: list[ReceiptOut]
