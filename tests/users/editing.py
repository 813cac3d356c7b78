"""Changing one's own profile, as a client does it."""

from typing import Any

import httpx

from tests.factories import Person


async def edit(person: Person, **fields: Any) -> httpx.Response:
    return await person.client.patch("/users/me", json={"user": fields})
