"""Holds every answer of every test against the OpenAPI document."""

import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from app.kit.settings import Settings
from app.main import create_app

DOCUMENT = create_app(Settings.model_validate({"DATABASE_URL": "postgresql://unused"})).openapi()
_SCHEMAS = {"components": DOCUMENT["components"]}


async def hold_to_contract(response: httpx.Response) -> None:
    """An undocumented status, or a body that is not of its schema, fails the test that saw it."""
    await response.aread()
    assert response.headers["x-request-id"]
    operation = _operation(response.request.url.path, response.request.method.lower())
    if operation is None:
        return
    documented = operation["responses"].get(str(response.status_code))
    assert documented, f"{operation['operationId']} never said {response.status_code}"
    if "content" in documented and "json" in response.headers["content-type"]:
        validate(documented["content"]["application/json"]["schema"], response.json())


def validate(schema: dict[str, Any], body: Any) -> None:
    Draft202012Validator(schema | _SCHEMAS).validate(body)


@cache
def _operation(path: str, method: str) -> dict[str, Any] | None:
    """The documented operation of an address."""
    for address, methods in _ADDRESSES:
        if address.fullmatch(path):
            operation: dict[str, Any] | None = methods.get(method)
            return operation
    return None


def _address(documented: str) -> re.Pattern[str]:
    words = documented.replace("{emoji}", "[^/]+")
    return re.compile(re.sub(r"\{\w+\}", "[1-9][0-9]{0,17}", words))


# Fixed words win over parameters.
_ADDRESSES = [
    (_address(documented), DOCUMENT["paths"][documented])
    for documented in sorted(DOCUMENT["paths"], key=lambda documented: documented.count("{"))
]
