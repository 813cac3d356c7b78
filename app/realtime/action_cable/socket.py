"""The door of Action Cable: `/cable`."""

from contextlib import nullcontext

from fastapi import APIRouter
from starlette.websockets import WebSocket

from app.auth import access
from app.kit import networks
from app.kit.errors import ChatFlowError
from app.kit.openapi import ErrorOut
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.client import Client
from app.realtime.action_cable.connection import UNAUTHORIZED, CableConnection
from app.realtime.action_cable.protocol import EXTENDED, choose_subprotocol
from app.realtime.sockets import SocketProtocol

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


async def accept(socket: WebSocket) -> CableConnection:
    """Whoever is refused is told so in a frame: both clients try for ever at a closed door."""
    await socket.accept(_subprotocol(socket))
    return CableConnection(socket, socket.state.settings)


async def serve(socket: WebSocket, connection: CableConnection) -> None:
    """Raises: TooManyConnections; Unavailable."""
    house, is_extended = socket.state, _subprotocol(socket) == EXTENDED
    async with house.database.autocommit() as session:
        signed_in = await access.find_login(session, socket)
    if signed_in is None:
        connection.end(UNAUTHORIZED)
        return
    user_id, address = signed_in.user.id, networks.key_of_client(socket)
    with (
        house.connections.holding(user_id, address, connection.end),
        house.seats.taken_by(signed_in) as seat,
    ):
        caller = Caller(house, signed_in, connection, is_extended, seat)
        await _converse(caller, _old_sid(socket))


async def _converse(caller: Caller, old_sid: str | None) -> None:
    house, connection = caller.house, caller.connection
    sessions = house.cable_sessions
    with (
        house.guard.watching(caller.listener()),
        house.pings.to(connection),
        sessions.beginning(caller.user_id) if caller.is_extended else nullcontext() as kept,
    ):
        await Client(caller, kept).serve(old_sid)


def _subprotocol(socket: WebSocket) -> str | None:
    return choose_subprotocol(socket.scope["subprotocols"])


def _old_sid(socket: WebSocket) -> str | None:
    """Of the connection that the client lost: a header for those who can send one."""
    return socket.headers.get("x-anycable-restore-sid") or socket.query_params.get("sid")


PROTOCOL = SocketProtocol("/cable", accept, serve)
