"""Who is here, and who types, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.auth.access import CurrentUser, JoinedConversation
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.presence import actions as presence
from app.presence import queries
from app.presence.schemas import PresenceOut

router = APIRouter(prefix="/conversations/{conversation_id:id}", tags=["presence"])


@router.get(
    "/presence",
    response_model=list[PresenceOut],
    responses=errors(401, 404, 503),
    summary="Who of a conversation is online or away, and when the others were last here",
)
async def list_presences(
    conversation: JoinedConversation, session: Session, request: Request
) -> Response:
    found = await queries.list_presences(session, request.state.roll, conversation.id)
    return JSONResponse([one.show() for one in found])


@router.post(
    "/typing",
    status_code=204,
    responses=errors(401, 403, 404, 422, 429, 503),
    summary="Show the others that I type: at most once in 3 seconds, for 5 seconds",
)
async def show_typing(
    conversation: JoinedConversation, user: CurrentUser, session: Session, request: Request
) -> None:
    house = request.state
    await presence.type_away(session, house.limits, house.settings.typing_rate, conversation, user)
