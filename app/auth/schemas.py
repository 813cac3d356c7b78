"""Shapes of accounts on the wire."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.kit.text import Text, is_blank, is_invisible, one_line, refuse

EMAIL_MAX_CHARACTERS = 254  # RFC 5321's limit on a path, without its angle brackets.
PASSWORD_MAX_CHARACTERS = 128
USERNAME_MIN_CHARACTERS, USERNAME_MAX_CHARACTERS = 3, 32
NAME_MAX_CHARACTERS = 100
URL_MAX_CHARACTERS = 2048
# Old accounts keep what they have, but an e-mail becomes a key of the rate limits.
ANYTHING_MAX_CHARACTERS = 1000


def _email(text: str) -> str:
    """Devise's idea of an address, and its way to store one."""
    email = text.strip().lower()
    if not email:
        refuse("blank", "can't be blank")
    if len(email) > EMAIL_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {EMAIL_MAX_CHARACTERS} characters)")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or any(map(is_invisible, email)):
        refuse("invalid", "is invalid")
    return email


def _password(text: str) -> str:
    if not text:
        refuse("blank", "can't be blank")
    if len(text) > PASSWORD_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {PASSWORD_MAX_CHARACTERS} characters)")
    return text


def _username(text: str | None) -> str | None:
    """Letters, marks, digits, `_`, `.` and `-` of any script, after NFKC."""
    username = unicodedata.normalize("NFKC", text or "").strip()
    if not username:
        return None
    if len(username) < USERNAME_MIN_CHARACTERS:
        refuse("too_short", f"is too short (minimum is {USERNAME_MIN_CHARACTERS} characters)")
    if len(username) > USERNAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {USERNAME_MAX_CHARACTERS} characters)")
    if any(unicodedata.category(c)[0] not in "LMN" and c not in "_.-" for c in username):
        refuse("invalid", "may only have letters, digits, _, . and -")
    if any(map(is_invisible, username)):
        refuse("invalid", "is invalid")
    return username


def _name(text: str | None) -> str | None:
    name = one_line(text or "")
    if len(name) > NAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {NAME_MAX_CHARACTERS} characters)")
    return None if is_blank(name) else name


def _avatar_url(text: str | None) -> str | None:
    url = (text or "").strip()
    if not url:
        return None
    if len(url) > URL_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {URL_MAX_CHARACTERS:,} characters)")
    if not re.fullmatch(r"https?://[^\s/?#@\\]+([/?#]\S*)?", url, re.IGNORECASE):
        refuse("invalid", "must be an http or https address")
    if any(is_invisible(c) for c in url):
        refuse("invalid", "must be an http or https address")
    return url


Email = Annotated[Text, AfterValidator(_email)]
Password = Annotated[Text, AfterValidator(_password)]
Username = Annotated[Text | None, AfterValidator(_username)]
Name = Annotated[Text | None, AfterValidator(_name)]
AvatarUrl = Annotated[Text | None, AfterValidator(_avatar_url)]


class Credentials(BaseModel):
    """What signs in. Nothing is refused here that an old account may have."""

    email: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    password: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    remember_me: bool = False


class Proof(BaseModel):
    """Shown once more, before what a stolen cookie may not do."""

    current_password: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)


class SignIn(BaseModel):
    user: Credentials

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"user": {"email": "alice@example.com", "password": "secret123"}}
        }
    )


class UserOut(TypedDict):
    """A person. `email` is null unless it is one's own."""

    id: int
    email: str | None
    username: str | None
    name: str | None
    avatar_url: str | None


class SignedInOut(TypedDict):
    """The answer to signing in and to signing up."""

    status: str
    user: UserOut
