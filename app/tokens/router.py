"""One's tokens over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response, status

from app.auth.access import AskedFrom, EnteredHouse, Myself
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.tokens import actions, queries
from app.tokens.schemas import NewTokenOut, TokenDraft, TokenOut

router = APIRouter(prefix="/users/tokens", tags=["logins"])


@router.post(
    "",
    status_code=201,
    response_model=NewTokenOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Make a token for a script, which is shown this once",
)
async def create_token(
    draft: TokenDraft, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    entrance = await actions.create(house, me, draft, device)
    answer: NewTokenOut = {**queries.show_token(entrance.login), "token": entrance.credential}
    return JSONResponse(answer, status.HTTP_201_CREATED, {"Cache-Control": "no-store"})


@router.get(
    "",
    response_model=list[TokenOut],
    responses=errors(401, 503),
    summary="My tokens, and when each was last used",
)
async def list_tokens(me: Myself, session: Session) -> Response:
    tokens = await queries.list_tokens(session, me.user.id)
    return JSONResponse([queries.show_token(token) for token in tokens])


@router.delete(
    "/{token_id:id}",
    status_code=204,
    responses=errors(401, 403, 404, 422, 429, 503),
    summary="Revoke a token: it ends everywhere at once",
)
async def revoke_token(
    token_id: Annotated[int, Path(examples=[1])], me: Myself, session: Session, device: AskedFrom
) -> None:
    await actions.revoke(session, me, token_id, device)
