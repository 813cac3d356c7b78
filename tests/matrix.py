"""Every operation of the API, as its document describes it, and who may do it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from starlette.routing import Route

from app.auth.access import NOWHERE, digest
from app.auth.actions import TokenWish
from app.invites import actions as invites
from app.invites.schemas import InviteDraft
from app.models import Scope
from tests.contract import DOCUMENT
from tests.factories import House, Person

# What each operation answers to nobody, to somebody who is not a member, and to a member. Asked
# with the example of the document; the conversation in a path is a group that the member owns.
ACCESS: dict[str, tuple[int, int, int]] = {
    # auth
    "sign_in": (200, 200, 200),
    "sign_out": (204, 204, 204),
    "log_in": (200, 200, 200),
    "log_out": (204, 204, 204),
    "list_logins": (401, 200, 200),
    "end_other_logins": (401, 204, 204),
    "end_login": (401, 404, 204),
    "create_token": (401, 201, 201),
    "list_tokens": (401, 200, 200),
    "revoke_token": (401, 404, 204),
    # accounts
    "sign_up": (201, 201, 201),
    # users
    "show_me": (401, 200, 200),
    "replace_me": (401, 200, 200),
    "edit_me": (401, 200, 200),
    "find_people": (401, 200, 200),
    # conversations
    "list_conversations": (401, 200, 200),
    "start_conversation": (401, 201, 201),
    "open_conversation": (401, 404, 200),
    "edit_conversation": (401, 404, 200),
    # members
    "list_members": (401, 404, 200),
    "add_members": (401, 404, 201),
    "change_role": (401, 404, 200),
    "remove_member": (401, 404, 204),
    "create_invite": (401, 404, 201),
    "list_invites": (401, 404, 200),
    "revoke_invite": (401, 404, 204),
    "accept_invite": (401, 201, 200),
    # messages
    "list_messages": (401, 404, 200),
    "post_message": (401, 404, 201),
    # live
    "show_cable": (426, 426, 426),
    "follow_events": (401, 404, 200),
    "follow_everything": (401, 200, 200),
    # status
    "show_front": (200, 200, 200),
    "show_up": (200, 200, 200),
    "show_ready": (200, 200, 200),
    # the document and its explorer
    "openapi": (200, 200, 200),
    "show_explorer": (200, 200, 200),
    "show_explorer_file": (200, 200, 200),
}

# What the document does not describe. Shape: name of the route -> an address of it.
UNDOCUMENTED = {
    "openapi": "/openapi.json",
    "show_explorer": "/docs",
    "show_explorer_file": "/docs/explorer.js",
}


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
        return _resolved(body["content"]["application/json"]["schema"]) if body else None

    @property
    def example(self) -> Any:
        schema = self.body_schema
        return schema and schema.get("example")

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


@dataclass
class Cast:
    """Those who ask, and what of the member's they ask for."""

    member: Person
    stranger: Person
    ids: dict[str, int]


async def cast(house: House) -> Cast:
    """People with the ids that the examples of the document speak of."""
    async with house.session() as session:
        # Those who sign up meanwhile get other ids.
        await session.execute(text("SELECT setval(pg_get_serial_sequence('users', 'id'), 1000)"))
    names = ("alice", "bob", "mallory", "dave")
    alice, bob, mallory, dave = [
        await house.person(name, id=id) for id, name in enumerate(names, 1)
    ]
    async with house.session() as session:
        await session.execute(text("UPDATE users SET username = NULL"))
    conversation = await house.conversation(alice, bob, dave)
    await house.message(conversation, bob, "Hello")
    async with house.session() as session:
        wish = TokenWish("Nightly report", Scope.READ, None)
        token = await house.state["front_desk"].give_token(session, alice.user, NOWHERE, wish)
        other = await house.state["front_desk"].admit(session, alice.user, NOWHERE)
        invite, _ = await invites.create(session, conversation, alice.user, InviteDraft())
        invite.digest = digest(_example_token())
    ids = {
        "conversation_id": conversation.id,
        "user_id": bob.id,
        "invite_id": invite.id,
        "login_id": other.login.id,
        "token_id": token.login.id,
    }
    return Cast(alice, mallory, ids)


def _example_token() -> str:
    token: str = next(one for one in OPERATIONS if one.id == "accept_invite").example["token"]
    return token
