"""A password that somebody wants: what every new one has to pass, wherever it comes from."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import mailed_tokens
from app.accounts.schemas import PasswordWish
from app.auth.actions import Reception, end_other_logins
from app.kit.errors import Invalid, Problem
from app.models import User


async def hash_new(house: Reception, wish: PasswordWish) -> str:
    """Before a unit of work begins: it holds no connection while bcrypt works.

    Raises: Invalid for a password that does not do.
    """
    check(wish, house.settings.password_min_characters)
    return await house.passwords.hash(wish.password)


def check(wish: PasswordWish, min_characters: int) -> None:
    """Raises: Invalid"""
    problems: dict[str, list[Problem]] = {}
    if len(wish.password) < min_characters:
        sentence = f"is too short (minimum is {min_characters} characters)"
        problems["password"] = [Problem("too_short", sentence)]
    if wish.password_confirmation not in (None, wish.password):
        sentence = "doesn't match Password"
        problems["password_confirmation"] = [Problem("confirmation", sentence)]
    if problems:
        raise Invalid(problems)


async def replace(
    session: AsyncSession, user: User, hashed: str, *, keep_login: int | None = None
) -> None:
    """Everybody else is out, whatever they got in by; links that were mailed are dead."""
    user.encrypted_password = hashed
    await end_other_logins(session, user.id, keep_login)
    await mailed_tokens.forget(session, user.id)
