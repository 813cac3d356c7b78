"""Shapes of memberships on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.conversations.schemas import ConversationOut, MemberOut, PersonIds
from app.models import Role

# More than anybody picks by hand. Each is an event for everybody who listens.
ADDED_AT_ONCE_MAX = 100


class MembersDraft(BaseModel):
    user_ids: Annotated[
        PersonIds,
        Field(description=f"Whom to add, {ADDED_AT_ONCE_MAX} at most. Who is in already stays"),
    ]

    model_config = ConfigDict(json_schema_extra={"example": {"user_ids": [3]}})


class RoleEdit(BaseModel):
    role: Annotated[Role, Field(description="`owner` hands the group over")]

    model_config = ConfigDict(json_schema_extra={"example": {"role": "admin"}})


class AddedOut(TypedDict):
    """Where they are now, and those who were named.

    Of a direct conversation this is a new group, with everybody in it.
    """

    conversation: ConversationOut
    members: list[MemberOut]
