"""Making an account."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.schemas import AccountDraft
from app.auth.access import Device
from app.auth.actions import Entrance, Reception, record
from app.kit.errors import Invalid, Problem
from app.kit.postgres import violated_constraint
from app.models import User

_TAKEN = Problem("taken", "has already been taken")


async def sign_up(house: Reception, draft: AccountDraft, device: Device) -> Entrance:
    """Raises: Invalid for a password that does not do, or an e-mail or username that is taken."""
    check_password(draft, house.settings.password_min_characters)
    hashed = await house.passwords.hash(draft.password)
    async with house.database.unit_of_work() as session:
        user = await create_user(session, draft, hashed)
        record(session, user.id, "signed_up", device)
        return await house.front_desk.admit(session, user, device)


def check_password(draft: AccountDraft, min_characters: int) -> None:
    """Raises: Invalid."""
    problems: dict[str, list[Problem]] = {}
    if len(draft.password) < min_characters:
        sentence = f"is too short (minimum is {min_characters} characters)"
        problems["password"] = [Problem("too_short", sentence)]
    if draft.password_confirmation not in (None, draft.password):
        sentence = "doesn't match Password"
        problems["password_confirmation"] = [Problem("confirmation", sentence)]
    if problems:
        raise Invalid(problems)


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
            case "uq_users_username":
                raise Invalid({"username": [_TAKEN]}) from error
        raise
