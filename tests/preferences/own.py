"""One's own preferences, as a client changes and sees them."""

from typing import Any

import httpx

from app.models import Conversation
from tests.factories import Person

UNTOUCHED = {"muted_until": None, "archived": False, "favourite": False, "notifications": "all"}


async def edit(person: Person, conversation: Conversation, **named: Any) -> httpx.Response:
    path = f"/conversations/{conversation.id}/preferences"
    return await person.client.patch(path, json=named)


async def opened(person: Person, conversation: Conversation) -> dict[str, Any]:
    answer = await person.client.get(f"/conversations/{conversation.id}")
    preferences: dict[str, Any] = answer.json()["preferences"]
    return preferences


async def listed(person: Person, query: str = "") -> dict[int, dict[str, Any]]:
    """Shape: {conversation_id: preferences}, in the order of the list."""
    answer = await person.client.get(f"/conversations{query}")
    assert answer.status_code == 200, answer.text
    return {one["id"]: one["preferences"] for one in answer.json()}


async def news(person: Person, since: str = "") -> tuple[list[dict[str, Any]], str]:
    """What a device hears, and where it goes on. Without a place: from now on."""
    query = {"since": since} if since else {}
    page = (await person.client.get("/events", params=query)).json()
    return page["events"], page["cursor"]
