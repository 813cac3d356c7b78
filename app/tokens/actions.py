"""Making tokens for scripts, and taking them back."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import (
    Entrance,
    Notice,
    Reception,
    TokenWish,
    end_logins,
    proven,
    record,
    tell,
)
from app.kit.errors import Invalid, NotFound
from app.models import Login
from app.tokens import queries
from app.tokens.queries import IS_TOKEN
from app.tokens.schemas import TokenDraft

# More than anybody has scripts; without a bound a script that makes one each night fills the table.
TOKENS_MAX = 50


async def create(house: Reception, me: SignedIn, draft: TokenDraft, device: Device) -> Entrance:
    """Raises: Invalid for a wrong password, or when there are too many already."""
    async with proven(house, me, draft, device) as (session, user):
        if await queries.count_tokens(session, user.id) >= TOKENS_MAX:
            raise Invalid.field("base", "too_many_tokens", f"you have {TOKENS_MAX} tokens already")
        wish = TokenWish(draft.name, draft.scope, draft.expires_at)
        await tell(session, user.id, Notice.TOKEN_CREATED)
        return await house.front_desk.give_token(session, user, device, wish)


async def revoke(session: AsyncSession, me: SignedIn, token_id: int, device: Device) -> None:
    """Raises: NotFound, also for somebody else's."""
    if not await end_logins(session, me.user.id, IS_TOKEN, Login.id == token_id):
        raise NotFound
    record(session, me.user.id, "token_revoked", device, login_id=token_id)
