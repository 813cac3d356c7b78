"""How often anybody may have us write mails."""

from app.auth.access import Device
from app.auth.actions import Reception
from app.kit import networks
from app.kit.limits import Limit
from app.models import Purpose


async def check(house: Reception, purpose: Purpose, email: str, device: Device) -> None:
    """By address, and by account whether or not there is one.

    Raises: TooMany
    """
    by_address, by_account = house.settings.mail_rate_address, house.settings.mail_rate_account
    await house.limits.check(
        Limit(f"mail_{purpose}_address", by_address, networks.key_of(device.address)),
        Limit(f"mail_{purpose}", by_account, email.strip().lower()),
    )
