"""Shapes of tokens on the wire."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict
from typing_extensions import TypedDict

from app.auth.schemas import Proof
from app.kit.text import Text, is_blank, one_line, refuse
from app.models import Scope

NAME_MAX_CHARACTERS = 100
# A day before the last that Python can say, so that it can be said in any time zone.
_END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


def _name(text: str) -> str:
    name = one_line(text)
    if len(name) > NAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {NAME_MAX_CHARACTERS} characters)")
    if is_blank(name):
        refuse("blank", "can't be blank")
    return name


def _future(moment: datetime | None) -> datetime | None:
    if moment is not None and moment <= datetime.now(UTC):
        refuse("not_in_future", "must be in the future")
    if moment is not None and moment >= _END_OF_TIME:
        refuse("invalid", "is invalid")
    return moment


class TokenDraft(Proof):
    """A token may do no more than read unless it says `write`; without an end it has none."""

    name: Annotated[Text, AfterValidator(_name)]
    scope: Scope = Scope.READ
    expires_at: Annotated[AwareDatetime | None, AfterValidator(_future)] = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Nightly report", "scope": "read", "current_password": "secret123"}
        }
    )


class TokenOut(TypedDict):
    """A token without its secret. It was never used while `last_used_at` is null."""

    id: int
    name: str
    scope: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class NewTokenOut(TokenOut):
    """`token` is shown this once: only its digest is kept."""

    token: str
