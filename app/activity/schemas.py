"""Shapes of activity on the wire."""

from typing import Any

from typing_extensions import TypedDict


class ActivityOut(TypedDict):
    """`name` is such as `signed_in` or `sign_in_failed`; `login_id` is that of the login which was
    used, made or ended, and which may be gone since."""

    id: int
    name: str
    at: str
    login_id: int | None
    address: str | None
    device: str | None
    details: dict[str, Any]
