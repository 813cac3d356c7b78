"""Shapes of receipts on the wire."""

from pydantic import BaseModel, Field, StrictInt
from typing_extensions import TypedDict

_BIGGEST_SEQ = 2**63 - 1


class ReadMark(BaseModel):
    """How far I have read."""

    seq: StrictInt = Field(ge=0, le=_BIGGEST_SEQ)


class ReadOut(TypedDict):
    """How far I have read, which only grows."""

    conversation_id: int
    last_read_seq: int
