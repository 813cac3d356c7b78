"""What becomes of groups in the background."""

from typing import Any

from app.auth.queries import list_memberships
from app.kit.jobs import House
from app.members import actions, queries


async def pass_on_groups(house: House, payload: dict[str, Any]) -> None:
    """One after another: whoever owns many would hold the logs of all of them at once.

    Shape: {"user_id": who has closed their account}
    """
    user_id = payload["user_id"]
    async with house["database"].autocommit() as session:
        owned = await queries.list_owned_ids(session, user_id)
    for conversation_id in owned:
        async with house["database"].unit_of_work() as session:
            await actions.pass_on(session, conversation_id, user_id)


async def show_anew(house: House, payload: dict[str, Any]) -> None:
    """One after another, as above: somebody may talk with a thousand others.

    Shape: {"user_id": whose profile is another}
    """
    user_id = payload["user_id"]
    async with house["database"].autocommit() as session:
        since = await queries.find_untold_since(session, user_id)
        memberships = await list_memberships(session, user_id)
    for conversation_id in memberships:
        async with house["database"].unit_of_work() as session:
            await actions.show_anew(session, conversation_id, user_id)
    async with house["database"].unit_of_work() as session:
        await actions.have_told(session, user_id, since)
