"""How mail leaves the house."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from app.kit.settings.server import is_development
from app.kit.settings.values import MailAddress, MailServer, WebAddress


def _laptop(earlier: dict[str, Any]) -> str:
    return "http://localhost:3000" if is_development(earlier) else ""


def _nobody(earlier: dict[str, Any]) -> str:
    host = urlsplit(earlier.get("public_url", "")).hostname
    return f"ChatFlow <no-reply@{host or 'localhost'}>"


class MailSettings(BaseModel, frozen=True):
    """By which server, from whom, and where its links lead."""

    # Mail. Without a server it lands in the data folder. Links in mails begin with `public_url`.
    smtp_url: MailServer | None = None
    smtp_timeout_seconds: float = Field(15, gt=0)
    public_url: WebAddress = Field(default_factory=_laptop)
    mail_from: MailAddress = Field(default_factory=_nobody)
