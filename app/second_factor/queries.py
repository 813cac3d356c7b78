"""Questions about the second factor, and how an enrolment is shown."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO

import pyotp
import segno
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import RecoveryCode, SecondFactor
from app.second_factor.schemas import EnrolmentOut, SecondFactorOut

# Who saw an old QR code must not turn it on with a cookie that they find later.
_ENROLMENT_LASTS = timedelta(hours=1)
# A code holds some 2,900 bytes, and an emoji of an address is twelve of them.
_ACCOUNT_SHOWN_CHARACTERS = 64
_QR_SCALE = 4  # Pixels of each module, for whoever shows it as it is.


async def find_second_factor(session: AsyncSession, user_id: int) -> SecondFactor | None:
    """One that is in force, or that may still be confirmed."""
    is_recent = SecondFactor.created_at > func.now() - _ENROLMENT_LASTS
    query = select(SecondFactor).where(
        SecondFactor.user_id == user_id, SecondFactor.enabled_at.is_not(None) | is_recent
    )
    return (await session.execute(query)).scalar_one_or_none()


async def show_second_factor(session: AsyncSession, user_id: int) -> SecondFactorOut:
    factor = await find_second_factor(session, user_id)
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    codes_left = (await session.execute(query)).scalar_one()
    is_enabled = factor is not None and factor.enabled_at is not None
    return {"enabled": is_enabled, "recovery_codes_left": codes_left}


def show_enrolment(secret: str, issuer: str, account: str) -> EnrolmentOut:
    shown = account[:_ACCOUNT_SHOWN_CHARACTERS]
    url = pyotp.TOTP(secret).provisioning_uri(name=shown, issuer_name=issuer)
    return {"secret": secret, "otpauth_url": url, "qr_code": _draw(url)}


def _draw(text: str) -> str:
    """As a picture that `<img src>` shows without asking anybody else."""
    svg = BytesIO()
    segno.make_qr(text).save(svg, kind="svg", scale=_QR_SCALE, xmldecl=False, light="white")
    return f"data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}"
