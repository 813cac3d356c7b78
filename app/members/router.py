"""Who is in a group, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status

from app.auth.access import CurrentUser, JoinedConversation
from app.conversations.queries import show_conversation, show_member
from app.conversations.schemas import MemberOut
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.keyset import read_key
from app.kit.openapi import errors
from app.kit.paging import link_header, read_limit
from app.members import actions as members
from app.members import queries
from app.members.schemas import AddedOut, MembersDraft, RoleEdit

router = APIRouter(prefix="/conversations/{conversation_id:id}/members", tags=["members"])

UserId = Annotated[int, Path(examples=[2])]


@router.get(
    "",
    response_model=list[MemberOut],
    responses=errors(401, 404, 422, 503),
    summary="Who is in a conversation, those who joined first, first",
)
async def list_members(
    conversation: JoinedConversation,
    user: CurrentUser,
    session: Session,
    request: Request,
    cursor: str | None = None,
    limit: str | None = None,
) -> Response:
    at_most = read_limit(limit)
    page = await queries.list_members(session, conversation.id, read_key(cursor), at_most)
    shows_all = request.state.settings.show_emails
    listed = [show_member(row, with_email=shows_all or row.id == user.id) for row in page.rows]
    path = f"/conversations/{conversation.id}/members"
    return JSONResponse(listed, headers=link_header(path, page.links(limit=at_most)))


@router.post(
    "",
    status_code=201,
    response_model=AddedOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Add people to a group; to a direct conversation: start a group with them",
)
async def add_members(
    conversation: JoinedConversation, user: CurrentUser, draft: MembersDraft, session: Session
) -> Response:
    added = await members.add(session, conversation, user, draft)
    answer: AddedOut = {
        "conversation": show_conversation(added.conversation),
        "members": added.members,
    }
    return JSONResponse(answer, status.HTTP_201_CREATED)


@router.patch(
    "/{user_id:id}",
    response_model=MemberOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Give somebody another role, or the whole group",
)
async def change_role(
    conversation: JoinedConversation,
    user: CurrentUser,
    user_id: UserId,
    edit: RoleEdit,
    session: Session,
) -> Response:
    return JSONResponse(await members.change_role(session, conversation, user, user_id, edit.role))


@router.delete(
    "/{user_id:id}",
    status_code=204,
    responses=errors(401, 403, 404, 409, 422, 429, 503),
    summary="Remove somebody from a group, or leave it",
)
async def remove_member(
    conversation: JoinedConversation, user: CurrentUser, user_id: UserId, session: Session
) -> None:
    await members.remove(session, conversation, user, user_id)
