"""The door of Action Cable: `/cable`."""

from contextlib import nullcontext

from fastapi import APIRouter, WebSocket

from app.auth import access
from app.kit.errors import ChatFlowError
from app.kit.http import error_response, log_unexpected
from app.kit.middleware.cross_site import CrossSiteRequest
from app.kit.openapi import ErrorOut
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.client import Client
from app.realtime.action_cable.connection import UNAUTHORIZED, CableConnection
from app.realtime.action_cable.protocol import EXTENDED, choose_subprotocol

router = APIRouter(tags=["live"])


class UpgradeRequired(ChatFlowError):
    status = 426
    code = "upgrade_required"
    message = "This address speaks Action Cable over WebSocket"

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "Upgrade", "Upgrade": "websocket"})


@router.get(
    "/cable",
    status_code=426,
    response_model=ErrorOut,
    responses={426: {"description": "Action Cable takes a WebSocket: `upgrade_required`"}},
    summary="Live delivery by Action Cable",
)
async def show_cable() -> None:
    """Not a WebSocket."""
    raise UpgradeRequired


@router.websocket("/cable")
async def open_cable(socket: WebSocket) -> None:
    house = socket.state
    origin = socket.headers.get("origin")
    if origin is not None and not house.origins.is_ours(origin, socket.scope):
        await socket.send_denial_response(error_response(CrossSiteRequest(), house.request_id))
        return
    # Whoever is refused is told so in a frame: both clients try for ever against a closed door.
    subprotocol = choose_subprotocol(socket.scope["subprotocols"])
    await socket.accept(subprotocol)
    connection = CableConnection(socket, house.settings)
    try:
        await _enter(socket, connection, subprotocol == EXTENDED)
    except ChatFlowError as error:
        connection.end_for(error)
    except Exception as error:
        log_unexpected(error)
        connection.end_for(ChatFlowError())
    # What we said last is on its way: wait for the other side's goodbye.
    async for _ in connection.texts():
        pass


async def _enter(socket: WebSocket, connection: CableConnection, is_extended: bool) -> None:
    house = socket.state
    async with house.database.autocommit() as session:
        signed_in = await access.find_login(session, socket)
    if signed_in is None:
        connection.end(UNAUTHORIZED)
        return
    caller = Caller(house, signed_in, connection, is_extended)
    address = socket.client.host if socket.client else ""
    with (
        house.connections.holding(caller.user_id, address, connection.end),
        house.guard.watching(caller.listener()),
        house.pings.to(connection),
        house.cable_sessions.beginning(caller.user_id) if is_extended else nullcontext() as session,
    ):
        await Client(caller, session).serve(_old_sid(socket))


def _old_sid(socket: WebSocket) -> str | None:
    """Of the connection that the client lost: a header for those who can send one."""
    return socket.headers.get("x-anycable-restore-sid") or socket.query_params.get("sid")
