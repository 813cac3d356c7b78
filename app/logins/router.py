"""One's logins over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.auth.access import AskedFrom, Myself
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.logins import actions, queries
from app.logins.schemas import LoginOut

router = APIRouter(prefix="/users/logins", tags=["logins"])


@router.get(
    "",
    response_model=list[LoginOut],
    responses=errors(401, 503),
    summary="Where am I signed in?",
)
async def list_logins(me: Myself, session: Session) -> Response:
    logins = await queries.list_logins(session, me.user.id)
    return JSONResponse([queries.show_login(login, me.login_id) for login in logins])


@router.delete(
    "",
    status_code=204,
    responses=errors(401, 403, 429, 503),
    summary="Sign out everywhere else",
)
async def end_other_logins(me: Myself, session: Session, device: AskedFrom) -> None:
    await actions.end_others(session, me, device)


@router.delete(
    "/{login_id:id}",
    status_code=204,
    responses=errors(401, 403, 404, 422, 429, 503),
    summary="Sign out there: this login ends everywhere at once",
)
async def end_login(
    login_id: Annotated[int, Path(examples=[1])], me: Myself, session: Session, device: AskedFrom
) -> None:
    await actions.end(session, me, login_id, device)
