"""Questions about what happened to an account."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.schemas import ActivityOut
from app.kit.clock import iso
from app.kit.db import AnyRow
from app.kit.keyset import Key, Page, Sorting
from app.models import Activity

_NEWEST_FIRST = Sorting(Activity.at, Activity.id, newest_first=True)


async def list_activities(session: AsyncSession, user_id: int, key: Key | None, limit: int) -> Page:
    query = select(*Activity.__table__.columns, Activity.at.label("sorted_by")).where(
        Activity.user_id == user_id
    )
    return await _NEWEST_FIRST.page(session, query, key, limit)


def show_activity(row: AnyRow) -> ActivityOut:
    return {
        "id": row.id,
        "name": row.name,
        "at": iso(row.at),
        "login_id": row.login_id,
        "address": row.address,
        "device": row.device,
        "details": row.details,
    }
