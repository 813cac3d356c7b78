"""Making an account."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import mail_limits, new_password
from app.accounts.actions.taken import flush_unless_taken
from app.accounts.schemas import AccountDraft
from app.auth.access import Device
from app.auth.actions import Entrance, Reception, record
from app.kit.jobs import enqueue
from app.models import Purpose, User


async def sign_up(house: Reception, draft: AccountDraft, device: Device) -> Entrance | None:
    """Where addresses have to be confirmed nobody gets in, and the mail says everything else.

    Raises: Invalid for a password that does not do, or an e-mail or username that is taken.
    """
    if house.settings.confirmation_required:
        await mail_limits.check(house, Purpose.CONFIRMATION, draft.email, device)
    hashed = await new_password.hash_new(house, draft, (draft.email, draft.username, draft.name))
    async with house.database.unit_of_work() as session:
        if house.settings.confirmation_required:
            await _create_unconfirmed(session, draft, hashed, device)
            return None
        user = await _create(session, draft, hashed, email=draft.email)
        record(session, user.id, "signed_up", device)
        return await house.front_desk.admit(session, user, device)


async def _create_unconfirmed(
    session: AsyncSession, draft: AccountDraft, hashed: str, device: Device
) -> None:
    """An account without an address, also when the address has one already.

    So nothing that can be seen from outside depends on that: neither this answer, nor whether the
    username is taken from now on, nor what signing in says.
    """
    user = await _create(session, draft, hashed, unconfirmed_email=draft.email)
    record(session, user.id, "signed_up", device)
    await enqueue(session, "accounts.mail_confirmation", {"user_id": user.id})


async def _create(session: AsyncSession, draft: AccountDraft, hashed: str, **address: str) -> User:
    profile = draft.model_dump(include={"username", "name", "avatar_url"})
    user = User(encrypted_password=hashed, **profile, **address)
    session.add(user)
    await flush_unless_taken(session)
    return user
