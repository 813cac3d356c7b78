"""The front desk: gives out logins by the rules of the settings."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, any_, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, Seal, digest
from app.auth.actions.audit import record
from app.auth.actions.logins import end_logins
from app.auth.events import login_created
from app.kit.db import announce
from app.kit.settings import Settings
from app.models import Carrier, Login, Scope, User

_SECRET_BYTES = 32
# A login in use is written to at most this often.
_SEEN_EVERY = timedelta(minutes=5)
_PROLONG_EVERY = timedelta(hours=1)
# More than anybody has devices. Whoever signs in again and again would else have a list without an
# end, to read and to end at once.
DEVICES_MAX = 1000


@dataclass(frozen=True)
class Entrance:
    """Somebody signed in, and what their client carries from now on to show it."""

    user: User
    login: Login
    credential: str


@dataclass(frozen=True)
class TokenWish:
    """A token that somebody wants for a script. Without `expires_at` it does not end by itself."""

    name: str
    scope: Scope
    expires_at: datetime | None


class FrontDesk:
    def __init__(self, settings: Settings, seal: Seal) -> None:
        self._idle = timedelta(days=settings.login_idle_days)
        self._absolute = timedelta(days=settings.login_absolute_days)
        self._remembered = timedelta(days=settings.login_remembered_days)
        self._seal = seal

    async def admit(
        self,
        session: AsyncSession,
        user: User,
        device: Device,
        *,
        remembered: bool = False,
        carrier: Carrier = Carrier.COOKIE,
    ) -> Entrance:
        """Every sign-in is a login of its own, whatever cookie came with it.

        A JWT names its end when it is made, so it is remembered.
        """
        remembered = remembered or carrier is Carrier.JWT
        await _make_room(session, user.id)
        now = datetime.now(UTC)
        login = Login(
            user_id=user.id,
            carrier=carrier,
            remembered=remembered,
            address=device.address,
            device=device.name,
            created_at=now,
            last_seen_at=now,
            expires_at=now + (self._remembered if remembered else self._idle),
        )
        return await self._hand_out(session, user, login, device, "signed_in")

    async def give_token(
        self, session: AsyncSession, user: User, device: Device, wish: TokenWish
    ) -> Entrance:
        login = Login(
            user_id=user.id,
            carrier=Carrier.TOKEN,
            scope=wish.scope,
            name=wish.name,
            remembered=True,
            address=device.address,
            device=device.name,
            expires_at=wish.expires_at,
        )
        return await self._hand_out(session, user, login, device, "token_created")

    async def _hand_out(
        self, session: AsyncSession, user: User, login: Login, device: Device, what: str
    ) -> Entrance:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        login.secret_digest = digest(secret)
        session.add(login)
        await session.flush()
        announce(session, login_created(user.id, login.id))
        record(session, user.id, what, device, login_id=login.id)
        return Entrance(user, login, self._seal.close(login, secret))

    async def prolong(self, session: AsyncSession, login_ids: Collection[int]) -> None:
        """A login that is in use does not go idle; but every one ends on its day."""
        theirs = Login.id == any_(literal(list(login_ids), ARRAY(BigInteger)))
        unseen = or_(Login.last_seen_at.is_(None), Login.last_seen_at < func.now() - _SEEN_EVERY)
        await session.execute(update(Login).where(theirs, unseen).values(last_seen_at=func.now()))
        later = func.least(func.now() + self._idle, Login.created_at + self._absolute)
        await session.execute(
            update(Login)
            .where(theirs, ~Login.remembered, Login.expires_at < later - _PROLONG_EVERY)
            .values(expires_at=later)
        )


async def _make_room(session: AsyncSession, user_id: int) -> None:
    """For one more device: the oldest of too many end."""
    devices = select(Login.id).where(Login.user_id == user_id, Login.carrier != Carrier.TOKEN)
    too_old = devices.order_by(Login.id.desc()).offset(DEVICES_MAX - 1)
    await end_logins(session, user_id, Login.id.in_(too_old))
