"""Accounts over HTTP, at Devise's addresses."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status

from app.accounts import actions, queries
from app.accounts.schemas import (
    AcceptedOut,
    AccountChange,
    AccountClosing,
    AccountOut,
    LinkOut,
    MailWish,
    PasswordResetting,
    SignUp,
)
from app.auth.access import AskedFrom, EnteredHouse
from app.auth.queries import show_user
from app.auth.router import farewell, welcome
from app.auth.schemas import SignedInOut
from app.kit import networks
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.limits import Limit
from app.kit.openapi import errors
from app.kit.text import Text
from app.models import Purpose, User

router = APIRouter(tags=["accounts"])

ACCOUNT_PATH = "/users"
PASSWORD_PATH = "/users/password"  # noqa: S105
CONFIRMATION_PATH = "/users/confirmation"
UNLOCK_PATH = "/users/unlock"

_SIGNED_UP = "A mail is on its way to you. Please follow its link to confirm your address."
_RESET_ASKED = "If this address has an account, a mail with a link is on its way to it."
_UNLOCK_ASKED = "If this address has an account, a mail with a link is on its way to it."
_UNLOCKED = "Your account is unlocked. Please sign in."
_CONFIRMATION_ASKED = "If this address waits to be confirmed, a mail is on its way to it."

Token = Annotated[Text, Query(examples=["as it stands in the link of the mail"])]


@router.post(
    ACCOUNT_PATH,
    status_code=201,
    response_model=SignedInOut,
    responses=errors(403, 413, 415, 422, 429, 503)
    | {202: {"model": AcceptedOut, "description": "The address is to be confirmed first"}},
    summary="Create an account, and be signed in",
)
async def sign_up(draft: SignUp, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    address = networks.key_of(device.address)
    await house.limits.check(Limit("sign_up", house.settings.registration_rate, address))
    entrance = await actions.sign_up(house, draft.user, device)
    if entrance is None:
        return _accepted(_SIGNED_UP)
    return welcome(request, entrance, status.HTTP_201_CREATED)


@router.put(
    ACCOUNT_PATH,
    response_model=AccountOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my e-mail or my password; a new password signs all others out",
)
async def replace_account(
    change: AccountChange, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    return _show(await actions.change(house, me, change.user, device))


@router.patch(
    ACCOUNT_PATH,
    response_model=AccountOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my e-mail or my password (the same as PUT)",
)
async def edit_account(
    change: AccountChange, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    return await replace_account(change, me, request, device)


@router.delete(
    ACCOUNT_PATH,
    status_code=204,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Close my account: I am forgotten, what I wrote stays",
)
async def close_account(
    closing: AccountClosing, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    await actions.close(house, me, closing.user, device)
    return farewell()


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
    return _accepted(_RESET_ASKED)


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
    return _accepted(_CONFIRMATION_ASKED)


@router.get(
    CONFIRMATION_PATH,
    response_model=AccountOut,
    responses=errors(422, 503),
    summary="Confirm my address by the link that was mailed to it",
)
async def confirm_email(confirmation_token: Token, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    return _show(await actions.confirm(house, confirmation_token, device))


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
    return _accepted(_UNLOCK_ASKED)


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


def _accepted(message: str) -> Response:
    answer: AcceptedOut = {"status": "success", "message": message}
    return JSONResponse(answer, status.HTTP_202_ACCEPTED)


def _show(user: User) -> Response:
    answer: AccountOut = {
        "status": "success",
        "user": show_user(user, with_email=True),
        "unconfirmed_email": user.unconfirmed_email,
    }
    return JSONResponse(answer)
