"""Changing one's own profile."""

from collections.abc import Awaitable, Callable, Set
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import flush_unless_taken
from app.accounts.events import profile_edited
from app.auth.access import Device, SignedIn
from app.auth.actions import record
from app.auth.events import looks_changed
from app.kit.db import announce
from app.kit.errors import Unauthenticated
from app.kit.jobs import enqueue
from app.models import User
from app.users.events import visibility_edited
from app.users.schemas import ProfileEdit

SHOWN_TO_OTHERS = {"username", "name", "avatar_url"}


async def edit_profile(
    session: AsyncSession,
    me: SignedIn,
    edit: ProfileEdit,
    device: Device,
    count_renaming: Callable[[], Awaitable[None]],
) -> User:
    """Raises: Invalid when the username belongs to somebody else; TooMany from `count_renaming`;
    Unauthenticated when they closed their account meanwhile: nothing of them may come back.
    """
    user = await _lock(session, me)
    before, was = user.username, (user.show_presence, user.read_receipts)
    changes = _changes(user, edit)
    if not changes:
        return user
    for field, value in changes.items():
        setattr(user, field, value)
    user.updated_at = func.now()
    await flush_unless_taken(session)
    if user.username != before:
        # Not sooner: to find one that is free may take some tries. What is too much is rolled back.
        await count_renaming()
        record(session, user.id, "username_changed", device, login_id=me.login_id)
    await _show_others(session, user, changes.keys(), *was)
    announce(session, profile_edited(user))
    announce(session, looks_changed(user.id))
    return user


def _changes(user: User, edit: ProfileEdit) -> dict[str, Any]:
    changes = edit.model_dump(exclude_unset=True)
    if changes.get("username") == user.username:
        # It may look like another's, and have no key: old accounts keep their names.
        changes.pop("username", None)
    return changes


async def _show_others(
    session: AsyncSession, user: User, changed: Set[str], was_shown: bool, had_receipts: bool
) -> None:
    if changed & SHOWN_TO_OTHERS:
        user.untold_since = func.clock_timestamp()
        await enqueue(session, "members.show_anew", {"user_id": user.id})
    if user.show_presence != was_shown:
        announce(session, visibility_edited(user.id))
    if had_receipts and not user.read_receipts:
        await enqueue(session, "receipts.forget", {"user_id": user.id})


async def _lock(session: AsyncSession, me: SignedIn) -> User:
    """Raises: Unauthenticated"""
    query = select(User).where(User.id == me.user.id).with_for_update(key_share=True)
    user = (await session.execute(query)).scalar_one()
    if user.deleted_at is not None:
        raise Unauthenticated
    return user
