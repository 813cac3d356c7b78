"""One's own preferences over HTTP; whoever shows a conversation shows them with it."""

from fastapi import APIRouter, Response

from app.auth.access import CurrentUser, JoinedConversation
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.preferences import actions as preferences
from app.preferences.schemas import PreferencesEdit, PreferencesOut

router = APIRouter(tags=["conversations"])


@router.patch(
    "/conversations/{conversation_id:id}/preferences",
    response_model=PreferencesOut,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="Mute or archive a conversation, make it a favourite, choose what to be notified of",
)
async def edit_preferences(
    conversation: JoinedConversation, user: CurrentUser, edit: PreferencesEdit, session: Session
) -> Response:
    return JSONResponse(await preferences.edit(session, conversation, user, edit))
