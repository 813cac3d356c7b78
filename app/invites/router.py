"""Invites over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from app.auth.access import CurrentUser, JoinedConversation
from app.conversations.queries import show_conversation
from app.invites import actions as invites
from app.invites import queries
from app.invites.schemas import InviteAnswer, InviteDraft, InviteOut, JoinedOut, NewInviteOut
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.members.queries import show_members

router = APIRouter(tags=["members"])


@router.post(
    "/conversations/{conversation_id:id}/invites",
    status_code=201,
    response_model=NewInviteOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Make an invite to a group, whose token is shown this once",
)
async def create_invite(
    conversation: JoinedConversation, user: CurrentUser, draft: InviteDraft, session: Session
) -> Response:
    invite, token = await invites.create(session, conversation, user, draft)
    answer: NewInviteOut = {**queries.show_invite(invite), "token": token}
    return JSONResponse(answer, status.HTTP_201_CREATED, {"Cache-Control": "no-store"})


@router.get(
    "/conversations/{conversation_id:id}/invites",
    response_model=list[InviteOut],
    responses=errors(401, 403, 404, 409, 429, 503),
    summary="The invites to a group that are good",
)
async def list_invites(
    conversation: JoinedConversation, user: CurrentUser, session: Session
) -> Response:
    good = await invites.list_good(session, conversation, user)
    return JSONResponse([queries.show_invite(invite) for invite in good])


@router.delete(
    "/conversations/{conversation_id:id}/invites/{invite_id:id}",
    status_code=204,
    responses=errors(401, 403, 404, 409, 422, 429, 503),
    summary="Revoke an invite",
)
async def revoke_invite(
    conversation: JoinedConversation,
    user: CurrentUser,
    invite_id: Annotated[int, Path(examples=[1])],
    session: Session,
) -> None:
    await invites.revoke(session, conversation, user, invite_id)


@router.post(
    "/invites/accept",
    status_code=201,
    response_model=JoinedOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503)
    | {200: {"model": JoinedOut, "description": "You were in it already"}},
    summary="Join a group by an invite",
)
async def accept_invite(user: CurrentUser, answer: InviteAnswer, session: Session) -> Response:
    joined = await invites.accept(session, user, answer.token)
    (member,) = await show_members(session, joined.group.id, [user.id])
    shown: JoinedOut = {"conversation": show_conversation(joined.group), "member": member}
    return JSONResponse(shown, status.HTTP_201_CREATED if joined.is_new else status.HTTP_200_OK)
