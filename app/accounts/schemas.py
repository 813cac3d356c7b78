"""Shapes of accounts on the wire."""

from pydantic import BaseModel, ConfigDict

from app.auth.schemas import AvatarUrl, Email, Name, Password, Username
from app.kit.text import Text


class AccountDraft(BaseModel):
    email: Email
    password: Password
    password_confirmation: Text | None = None
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
