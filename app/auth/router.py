"""Signing in and out over HTTP, at the addresses of Devise and of devise-jwt."""

from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.auth import actions
from app.auth.access import SESSION_COOKIE, AskedFrom, MaybeSignedIn
from app.auth.actions import Entrance
from app.auth.queries import show_user
from app.auth.schemas import SignedInOut, SignIn
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.models import Carrier

router = APIRouter(tags=["auth"])

SIGN_IN_PATH = "/users/sign_in"


@router.post(
    SIGN_IN_PATH,
    response_model=SignedInOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Sign in, and get a session cookie",
)
async def sign_in(attempt: SignIn, request: Request, device: AskedFrom) -> Response:
    entrance = await _sign_in(attempt, request, device, Carrier.COOKIE)
    return welcome(request, entrance, status.HTTP_200_OK)


@router.post(
    "/auth/login",
    response_model=SignedInOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Sign in, and get a JWT in the Authorization header",
)
async def log_in(attempt: SignIn, request: Request, device: AskedFrom) -> Response:
    entrance = await _sign_in(attempt, request, device, Carrier.JWT)
    return welcome(request, entrance, status.HTTP_200_OK)


async def _sign_in(
    attempt: SignIn, request: Request, device: AskedFrom, carrier: Carrier
) -> Entrance:
    house: Any = request.state
    await actions.count_guess(house, attempt.user.email.strip().lower(), device)
    return await actions.sign_in(house, attempt.user, device, carrier)


@router.delete(
    "/users/sign_out",
    status_code=204,
    responses=errors(403, 429, 503),
    summary="Sign out: this login ends everywhere at once",
)
async def sign_out(signed_in: MaybeSignedIn, session: Session, device: AskedFrom) -> Response:
    if signed_in is not None:
        signed_in.must_write()
        await actions.sign_out(session, signed_in, device)
    return farewell()


@router.delete(
    "/auth/logout",
    status_code=204,
    responses=errors(403, 429, 503),
    summary="Sign out (the same as DELETE /users/sign_out)",
)
async def log_out(signed_in: MaybeSignedIn, session: Session, device: AskedFrom) -> Response:
    return await sign_out(signed_in, session, device)


def farewell() -> Response:
    """The browser need not carry a cookie that opens nothing."""
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def welcome(request: Request, entrance: Entrance, status_code: int) -> Response:
    """Who they are, and what carries their login from now on."""
    user = show_user(entrance.user, with_email=True)
    response = JSONResponse({"status": "success", "user": user}, status_code)
    if entrance.login.carrier == Carrier.JWT:
        response.headers["Authorization"] = f"Bearer {entrance.credential}"
    else:
        _set_cookie(request, response, entrance)
    return response


def _set_cookie(request: Request, response: Response, entrance: Entrance) -> None:
    """Without an age it ends with the browser."""
    settings = request.state.settings
    age = settings.login_remembered_days * 86_400 if entrance.login.remembered else None
    response.set_cookie(
        SESSION_COOKIE,
        entrance.credential,
        max_age=age,
        path="/",
        secure=settings.is_production,
        httponly=True,
        samesite="lax",
    )
