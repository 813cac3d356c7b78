"""Questions about people."""

from sqlalchemy import ColumnElement, String, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT
from app.kit.db import AnySelect
from app.kit.keyset import Key, Page, Sorting
from app.models import User
from app.models.user import WORDS

_NAME = func.lower(func.coalesce(User.username, User.name, ""), type_=String)
_BY_NAME = Sorting(_NAME, User.id)


async def list_people(session: AsyncSession, beginning: str, key: Key | None, limit: int) -> Page:
    """People whose username, or a word of whose name, begins so; in order of name."""
    for special in "\\%_":
        beginning = beginning.replace(special, "\\" + special)
    words: ColumnElement[str] = literal_column(WORDS)
    query: AnySelect = select(
        User.id, User.username, User.name, User.avatar_url, _NAME.label("sorted_by")
    ).where(HAS_ACCOUNT, words.like(func.concat("% ", func.lower(beginning), "%")))
    return await _BY_NAME.page(session, query, key, limit)
