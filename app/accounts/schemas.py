"""Shapes of accounts on the wire."""

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.auth.profiles import AvatarUrl, Name, Username
from app.auth.schemas import ANYTHING_MAX_CHARACTERS, Email, OtpAttempt, Password, Proof, UserOut
from app.kit.text import Text


class PasswordWish(BaseModel):
    """A new password, typed twice if the client wants it so."""

    password: Password
    password_confirmation: Text | None = None


class AccountDraft(PasswordWish):
    email: Email
    username: Username = None
    name: Name = None
    avatar_url: AvatarUrl = None


class SignUp(BaseModel):
    user: AccountDraft

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "user": {
                    "email": "carol@example.com",
                    "password": "a long secret",
                    "password_confirmation": "a long secret",
                    "username": "carol",
                    "name": "Carol",
                }
            }
        }
    )


class AccountEdit(Proof):
    """What is named is changed; null and what is left out stay."""

    email: Email | None = None
    password: Password | None = None
    password_confirmation: Text | None = None


class AccountChange(BaseModel):
    user: AccountEdit

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "user": {
                    "email": "alice.liddell@example.com",
                    "password": "another long secret",
                    "current_password": "secret123",
                }
            }
        }
    )


class AccountClosing(BaseModel):
    user: Proof

    model_config = ConfigDict(
        json_schema_extra={"example": {"user": {"current_password": "secret123"}}}
    )


class Addressee(BaseModel):
    """Anything may be asked for: what is no address just gets no mail."""

    email: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)


class MailWish(BaseModel):
    user: Addressee

    model_config = ConfigDict(
        json_schema_extra={"example": {"user": {"email": "alice@example.com"}}}
    )


class PasswordReset(PasswordWish):
    reset_password_token: Text = Field(max_length=ANYTHING_MAX_CHARACTERS)
    otp_attempt: OtpAttempt = None


class PasswordResetting(BaseModel):
    user: PasswordReset

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "user": {
                    "reset_password_token": "as it stands in the link of the mail",
                    "password": "another long secret",
                    "password_confirmation": "another long secret",
                }
            }
        }
    )


class AcceptedOut(TypedDict):
    """The rest is said by mail, to whoever the address belongs to."""

    status: str
    message: str


class AccountOut(TypedDict):
    """`unconfirmed_email` will be one's `email` once the link that was mailed to it is followed."""

    status: str
    user: UserOut
    unconfirmed_email: str | None


class LinkOut(TypedDict):
    """Is the link still good?"""

    valid: bool
