"""What happens to logins in the background."""

from app.auth.actions import FrontDesk
from app.kit.db import Database


class SeenLogins:
    """Gathers the logins that were used, so that a read costs no write."""

    def __init__(self, database: Database, front_desk: FrontDesk) -> None:
        self._database = database
        self._front_desk = front_desk
        self._ids: set[int] = set()

    def add(self, login_id: int) -> None:
        self._ids.add(login_id)

    async def prolong(self) -> None:
        ids, self._ids = self._ids, set()
        if ids:
            async with self._database.unit_of_work() as session:
                await self._front_desk.prolong(session, ids)
