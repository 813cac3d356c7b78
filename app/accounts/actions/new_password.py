"""A password that somebody wants: what every new one has to pass, wherever it comes from."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import mailed_tokens
from app.accounts.schemas import PasswordWish
from app.auth.actions import Reception, end_other_logins
from app.auth.queries import facts
from app.kit.limits import Limit
from app.models import User


async def hash_new(house: Reception, wish: PasswordWish, about: Iterable[str | None]) -> str:
    """Before a unit of work begins: it holds no connection while bcrypt works.

    `about` is what others know of the person.
    Raises: Invalid for a password that does not do.
    """
    await house.passwords.check_new(wish.password, wish.password_confirmation, about)
    return await house.passwords.hash(wish.password)


async def hash_next(house: Reception, user: User, wish: PasswordWish, *about: str | None) -> str:
    """For somebody who has one. It is tried before they have shown the old one or their second
    factor, and one alone could keep the threads of everybody's passwords busy: so it is counted.

    Raises: TooMany; what `hash_new` raises
    """
    await house.limits.check(Limit("new_password", house.settings.proof_rate, str(user.id)))
    return await hash_new(house, wish, [*facts(user), *about])


async def replace(
    session: AsyncSession, user: User, hashed: str, *, keep_login: int | None = None
) -> None:
    """Everybody else is out, whatever they got in by; links that were mailed are dead."""
    user.encrypted_password = hashed
    await end_other_logins(session, user.id, keep_login)
    await mailed_tokens.forget(session, user.id)
