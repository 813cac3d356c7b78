"""What becomes of attachments in the background."""

from types import SimpleNamespace
from typing import Any

from app.attachments import actions as attachments
from app.kit.jobs import House


async def process(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"id", "key"} of an image that was uploaded"""
    await attachments.process(SimpleNamespace(**house), payload["id"], payload["key"])


async def erase(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"ids": of attachments that were removed}"""
    await attachments.erase(SimpleNamespace(**house), payload["ids"])


async def forget_unattached(house: House, payload: dict[str, Any]) -> None:
    """Shape: {"user_id": who has closed their account}"""
    async with house["database"].unit_of_work() as session:
        await attachments.remove_unattached(session, payload["user_id"])
