"""Links that are mailed: to a new password, to confirm an address, to unlock an account."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status

from app.accounts import actions, queries
from app.accounts.router.answers import accepted, show_account
from app.accounts.schemas import AcceptedOut, AccountOut, LinkOut, MailWish, PasswordResetting
from app.auth.access import AskedFrom
from app.auth.router import welcome
from app.auth.schemas import SignedInOut
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.kit.text import Text
from app.models import Purpose

router = APIRouter()

PASSWORD_PATH = "/users/password"  # noqa: S105
CONFIRMATION_PATH = "/users/confirmation"
UNLOCK_PATH = "/users/unlock"

_IF_THERE_IS_ONE = "If this address has an account, a mail with a link is on its way to it."
_IF_IT_WAITS = "If this address waits to be confirmed, a mail is on its way to it."
_UNLOCKED = "Your account is unlocked. Please sign in."

Token = Annotated[Text, Query(examples=["as it stands in the link of the mail"])]


@router.post(
    PASSWORD_PATH,
    status_code=202,
    response_model=AcceptedOut,
    responses=errors(403, 413, 415, 422, 429, 503),
    summary="Have a link mailed to me, because I lost my password",
)
async def ask_for_password(wish: MailWish, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    await actions.ask(house, wish.user.email, device)
    return accepted(_IF_THERE_IS_ONE)


@router.get(
    PASSWORD_PATH + "/edit",
    response_model=LinkOut,
    responses=errors(422, 503),
    summary="Is this link to a new password still good?",
)
async def check_password_link(reset_password_token: Token, session: Session) -> Response:
    owner = await queries.find_owner(session, Purpose.PASSWORD, reset_password_token)
    return JSONResponse({"valid": owner is not None})


@router.put(
    PASSWORD_PATH,
    response_model=SignedInOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Choose a new password by the link that was mailed, and be signed in",
)
async def reset_password(
    resetting: PasswordResetting, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    entrance = await actions.reset(house, resetting.user, device)
    return welcome(request, entrance, status.HTTP_200_OK)


@router.post(
    CONFIRMATION_PATH,
    status_code=202,
    response_model=AcceptedOut,
    responses=errors(403, 413, 415, 422, 429, 503),
    summary="Have the link mailed again by which I confirm my address",
)
async def ask_for_confirmation(wish: MailWish, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    await actions.ask_again(house, wish.user.email, device)
    return accepted(_IF_IT_WAITS)


@router.get(
    CONFIRMATION_PATH,
    response_model=AccountOut,
    responses=errors(422, 503),
    summary="Confirm my address by the link that was mailed to it",
)
async def confirm_email(confirmation_token: Token, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    return show_account(await actions.confirm(house, confirmation_token, device))


@router.post(
    UNLOCK_PATH,
    status_code=202,
    response_model=AcceptedOut,
    responses=errors(403, 413, 415, 422, 429, 503),
    summary="Have a link mailed to me that unlocks my account",
)
async def ask_to_unlock(wish: MailWish, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    await actions.ask_to_unlock(house, wish.user.email, device)
    return accepted(_IF_THERE_IS_ONE)


@router.get(
    UNLOCK_PATH,
    response_model=AcceptedOut,
    responses=errors(422, 503),
    summary="Unlock my account by the link that was mailed",
)
async def unlock(unlock_token: Token, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    await actions.unlock(house, unlock_token, device)
    answer: AcceptedOut = {"status": "success", "message": _UNLOCKED}
    return JSONResponse(answer)
