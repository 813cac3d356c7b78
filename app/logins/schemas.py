"""Shapes of logins on the wire."""

from typing_extensions import TypedDict


class LoginOut(TypedDict):
    """A device that is signed in, by a cookie or a JWT; `current` is the one that asks."""

    id: int
    current: bool
    carrier: str
    remembered: bool
    address: str | None
    device: str | None
    created_at: str
    last_seen_at: str
    expires_at: str
