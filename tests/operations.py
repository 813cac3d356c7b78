"""Every operation of the API, as its document describes it, and every route."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route

from tests.contract import DOCUMENT


@dataclass(frozen=True)
class Operation:
    """One method at one path."""

    method: str
    path: str
    spec: dict[str, Any]

    @property
    def id(self) -> str:
        operation_id: str = self.spec["operationId"]
        return operation_id

    def address(self, **ids: object) -> str:
        return self.path.format(**ids)

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [one for one in self.spec.get("parameters", []) if one["in"] == place]

    @property
    def example_query(self) -> dict[str, str]:
        """Of what is required."""
        return {
            one["name"]: one["schema"]["examples"][0]
            for one in self.parameters("query")
            if one.get("required")
        }

    @property
    def body_schema(self) -> dict[str, Any] | None:
        body = self.spec.get("requestBody")
        read = body and body["content"].get("application/json")
        return _resolved(read["schema"]) if read else None

    @property
    def example(self) -> Any:
        schema = self.body_schema
        return schema and schema.get("example")

    @property
    def sent(self) -> dict[str, Any]:
        """The example, as the test client takes it: a file is sent as it is."""
        file = self.spec.get("requestBody", {}).get("content", {}).get("application/octet-stream")
        return {"content": file["example"].encode()} if file else {"json": self.example}

    def body_fields(self) -> list[tuple[str, ...]]:
        """The paths of all fields of the body, and of the objects that hold them."""
        return list(_fields(self.body_schema)) if self.body_schema else []


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _fields(schema: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in _resolved(schema).get("properties", {}).items():
        yield (*above, name)
        yield from _fields(field, (*above, name))


OPERATIONS = [
    Operation(method, path, spec)
    for path, methods in DOCUMENT["paths"].items()
    for method, spec in methods.items()
]


def operation(operation_id: str) -> Operation:
    return next(one for one in OPERATIONS if one.id == operation_id)


WITH_BODY = [operation for operation in OPERATIONS if operation.body_schema is not None]


def route_names(routes: Iterable[Any]) -> Iterator[str]:
    """Every route that answers to HTTP, described or not."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from route_names(route.original_router.routes)
        elif isinstance(route, Route):
            yield route.name


def all_routes(app: FastAPI) -> list[str]:
    return list(route_names(app.routes))
