"""Signing up, in and out."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, any_, delete, func, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.access import Seal, SignedIn, digest
from app.auth.events import access_taken, login_created, login_ended
from app.auth.schemas import AccountDraft, Credentials
from app.kit.db import Database, announce
from app.kit.errors import Invalid, Problem, Unauthenticated
from app.kit.passwords import Passwords
from app.kit.postgres import violated_constraint
from app.kit.settings import Settings
from app.models import Login, User

_SECRET_BYTES = 32
_TAKEN = Problem("taken", "has already been taken")
# A login in use is written to at most this often.
_PROLONG_EVERY = timedelta(hours=1)


class WrongCredentials(Unauthenticated):
    code = "invalid_credentials"
    message = "Invalid Email or password."


@dataclass(frozen=True)
class Entrance:
    """Somebody signed in, and what their client carries from now on to show it."""

    user: User
    credential: str
    remembered: bool


async def sign_in(
    database: Database, passwords: Passwords, front_desk: "FrontDesk", attempt: Credentials
) -> Entrance:
    """No connection is held while bcrypt works: a crowd at the door must not starve the house.

    Raises: WrongCredentials, in the same time for an unknown e-mail as for a wrong password.
    """
    async with database.unit_of_work() as session:
        user = await queries.find_by_email(session, attempt.email)
    hashed = user.encrypted_password if user else None
    verdict = await passwords.verify(attempt.password, hashed)
    if user is None or not verdict.is_right:
        raise WrongCredentials
    async with database.unit_of_work() as session:
        # The password may have been changed meanwhile.
        query = select(User).where(User.id == user.id, User.encrypted_password == hashed)
        user = (await session.execute(query.with_for_update())).scalar_one_or_none()
        if user is None:
            raise WrongCredentials
        if verdict.better_hash:
            user.encrypted_password = verdict.better_hash
        return await front_desk.admit(session, user, remembered=attempt.remember_me)


async def sign_up(
    database: Database, passwords: Passwords, front_desk: "FrontDesk", draft: AccountDraft
) -> Entrance:
    """Raises: Invalid for a password that does not do, or an e-mail or username that is taken."""
    about = (draft.email, draft.username, draft.name)
    await passwords.check_new(draft.password, draft.password_confirmation, about)
    hashed = await passwords.hash(draft.password)
    async with database.unit_of_work() as session:
        user = await create_user(session, draft, hashed)
        return await front_desk.admit(session, user, remembered=False)


async def create_user(session: AsyncSession, draft: AccountDraft, hashed: str) -> User:
    fields = draft.model_dump(include={"email", "username", "name", "avatar_url"})
    user = User(encrypted_password=hashed, **fields)
    session.add(user)
    await flush_unless_taken(session)
    return user


async def flush_unless_taken(session: AsyncSession) -> None:
    """Raises: Invalid when the e-mail or the username belongs to somebody else."""
    try:
        await session.flush()
    except IntegrityError as error:
        match violated_constraint(error):
            case "uq_users_email":
                raise Invalid({"email": [_TAKEN]}) from error
            case "uq_users_username" | "uq_users_username_key":
                raise Invalid({"username": [_TAKEN]}) from error
        raise


class FrontDesk:
    """Gives out logins by the rules of the settings."""

    def __init__(self, settings: Settings, seal: Seal) -> None:
        self._idle = timedelta(days=settings.login_idle_days)
        self._remembered = timedelta(days=settings.login_remembered_days)
        self._seal = seal

    async def admit(self, session: AsyncSession, user: User, *, remembered: bool) -> Entrance:
        """Every sign-in is a login of its own, whatever cookie came with it."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        lasts = self._remembered if remembered else self._idle
        login = Login(
            user_id=user.id,
            secret_digest=digest(secret),
            remembered=remembered,
            expires_at=datetime.now(UTC) + lasts,
        )
        session.add(login)
        await session.flush()
        announce(session, login_created(user.id, login.id))
        return Entrance(user, self._seal.close(login.id, secret), remembered)

    async def prolong(self, session: AsyncSession, login_ids: Collection[int]) -> None:
        """A login that is in use does not go idle; a remembered one ends on its day."""
        theirs = Login.id == any_(literal(list(login_ids), ARRAY(BigInteger)))
        in_use = theirs, Login.last_seen_at < func.now() - _PROLONG_EVERY
        await session.execute(update(Login).where(*in_use).values(last_seen_at=func.now()))
        await session.execute(
            update(Login)
            .where(theirs, ~Login.remembered)
            .where(Login.expires_at < func.now() + self._idle - _PROLONG_EVERY)
            .values(expires_at=func.now() + self._idle)
        )


async def sign_out(session: AsyncSession, signed_in: SignedIn) -> None:
    """The login is gone, and with it, everywhere, whatever it had open."""
    await session.execute(delete(Login).where(Login.id == signed_in.login_id))
    announce(session, login_ended(signed_in.user.id, signed_in.login_id))
    announce(session, access_taken(signed_in.user.id))
