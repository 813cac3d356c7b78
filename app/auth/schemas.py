"""Shapes of accounts on the wire."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.kit.text import Text, is_invisible, refuse

EMAIL_MAX_CHARACTERS = 254  # RFC 5321's limit on a path, without its angle brackets.
PASSWORD_MAX_CHARACTERS = 128
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


def _otp_code(text: str) -> str:
    """Authenticators show `123 456`, and recovery codes are in groups."""
    if len(text) > ANYTHING_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {ANYTHING_MAX_CHARACTERS:,} characters)")
    code = re.sub(r"[\s-]", "", text)
    if not code:
        refuse("blank", "can't be blank")
    return code


def _otp_attempt(text: str | None) -> str | None:
    """A field that was left empty is none."""
    return _otp_code(text) if text and not text.isspace() else None


Email = Annotated[Text, AfterValidator(_email)]
Password = Annotated[Text, AfterValidator(_password)]
# For the second factor: a code of the authenticator or, in an attempt, a recovery code.
OtpCode = Annotated[Text, AfterValidator(_otp_code)]
OtpAttempt = Annotated[Text | None, AfterValidator(_otp_attempt)]


class Credentials(BaseModel):
    """What signs in. Nothing is refused here that an old account may have."""

    email: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    password: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    otp_attempt: OtpAttempt = None
    remember_me: bool = False


class Proof(BaseModel):
    """Shown once more, before what a stolen cookie may not do."""

    current_password: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    otp_attempt: OtpAttempt = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"current_password": "secret123", "otp_attempt": "123456"},
        }
    )


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


class MeOut(UserOut):
    """Oneself. Unless `show_presence`, others never know when one is here.

    `read_receipts`: others see how far I have read.
    """

    show_presence: bool
    read_receipts: bool


class SignedInOut(TypedDict):
    """The answer to signing in and to signing up."""

    status: str
    user: UserOut
