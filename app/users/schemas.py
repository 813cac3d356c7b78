"""Shapes of people on the wire, beyond `UserOut`."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from typing_extensions import TypedDict

from app.auth.profiles import AvatarUrl, Name, Username
from app.auth.schemas import MeOut


class ProfileEdit(BaseModel):
    """What is named is changed; null or blank clears a text. The wrapper `user` is optional."""

    username: Username = None
    name: Name = None
    avatar_url: AvatarUrl = None
    show_presence: StrictBool = True
    read_receipts: Annotated[
        StrictBool, Field(description="Do others see how far I have read? Not null")
    ] = True

    model_config = ConfigDict(
        json_schema_extra={"example": {"user": {"name": "Alice Liddell", "username": "alice"}}}
    )

    @model_validator(mode="before")
    @classmethod
    def unwrap(cls, data: Any) -> Any:
        if isinstance(data, dict) and "user" in data:
            return {} if data["user"] is None else data["user"]
        return data


class ProfileOut(TypedDict):
    """The answer to a change of one's own profile."""

    ok: bool
    user: MeOut


class PersonOut(TypedDict):
    """Somebody found: never by e-mail, and without it."""

    id: int
    username: str | None
    name: str | None
    avatar_url: str | None
