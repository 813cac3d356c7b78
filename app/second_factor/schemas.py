"""Shapes of the second factor on the wire."""

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict

from app.auth.schemas import OtpCode


class Confirmation(BaseModel):
    """A code of the secret that was handed out: whoever has it is who gave the password for it."""

    otp_attempt: OtpCode

    model_config = ConfigDict(json_schema_extra={"example": {"otp_attempt": "123456"}})


class SecondFactorOut(TypedDict):
    """Is it in force, and how many recovery codes have not been used?"""

    enabled: bool
    recovery_codes_left: int


class EnrolmentOut(TypedDict):
    """For an authenticator: to scan, to open on the phone itself, or to type."""

    secret: str
    otpauth_url: str
    qr_code: str


class RecoveryCodesOut(TypedDict):
    """Shown this once: only their digests are kept. Each is good once."""

    recovery_codes: list[str]
