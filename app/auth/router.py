"""Signing up, in and out over HTTP, at Devise's addresses."""

from fastapi import APIRouter, Request, Response, status

from app.auth import actions
from app.auth.access import SESSION_COOKIE, MaybeSignedIn
from app.auth.actions import Entrance
from app.auth.queries import show_user
from app.auth.schemas import SignedInOut, SignIn, SignUp
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors

router = APIRouter(tags=["auth"])

SIGN_IN_PATH, SIGN_UP_PATH = "/users/sign_in", "/users"


@router.post(
    SIGN_IN_PATH,
    response_model=SignedInOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Sign in, and get a session cookie",
)
async def sign_in(attempt: SignIn, request: Request) -> Response:
    house, who = request.state, attempt.user
    rate = house.settings.sign_in_rate
    await house.limits.check(rate, "sign_in", _address(request), who.email.strip().lower())
    entrance = await actions.sign_in(house.database, house.passwords, house.front_desk, who)
    return _welcome(request, entrance, status.HTTP_200_OK)


@router.delete(
    "/users/sign_out",
    status_code=204,
    responses=errors(403, 503),
    summary="Sign out: this login ends everywhere at once",
)
async def sign_out(signed_in: MaybeSignedIn, session: Session) -> Response:
    if signed_in is not None:
        await actions.sign_out(session, signed_in)
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


@router.post(
    SIGN_UP_PATH,
    status_code=201,
    response_model=SignedInOut,
    responses=errors(403, 413, 415, 422, 429, 503),
    summary="Create an account, and be signed in",
)
async def sign_up(draft: SignUp, request: Request) -> Response:
    house = request.state
    await house.limits.check(house.settings.registration_rate, "sign_up", _address(request))
    entrance = await actions.sign_up(house.database, house.passwords, house.front_desk, draft.user)
    return _welcome(request, entrance, status.HTTP_201_CREATED)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _welcome(request: Request, entrance: Entrance, status_code: int) -> Response:
    settings = request.state.settings
    user = show_user(entrance.user, with_email=True)
    response = JSONResponse({"status": "success", "user": user}, status_code)
    response.set_cookie(
        SESSION_COOKIE,
        entrance.credential,
        max_age=settings.login_remembered_days * 86_400 if entrance.remembered else None,
        path="/",
        secure=settings.is_production,
        httponly=True,
        samesite="lax",
    )
    return response
