"""What becomes of receipts in the background."""

from typing import Any

from app.kit.jobs import House
from app.receipts import actions, queries


async def forget_receipts(house: House, payload: dict[str, Any]) -> None:
    """One conversation after another: all of them at once would be held until the last.

    Nobody is shown them from the moment that their owner said so.
    Shape: {"user_id": who does not want others to know}
    """
    user_id = payload["user_id"]
    async with house["database"].autocommit() as session:
        conversation_ids = await queries.list_conversation_ids(session, user_id)
    for conversation_id in conversation_ids:
        async with house["database"].unit_of_work() as session:
            await actions.forget(session, conversation_id, user_id)
