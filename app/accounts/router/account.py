"""Signing up, changing and closing an account."""

from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.accounts import actions
from app.accounts.router.answers import accepted, show_account
from app.accounts.schemas import AcceptedOut, AccountChange, AccountClosing, AccountOut, SignUp
from app.auth.access import AskedFrom, EnteredHouse
from app.auth.router import farewell, welcome
from app.auth.schemas import SignedInOut
from app.kit import networks
from app.kit.limits import Limit
from app.kit.openapi import errors

router = APIRouter()

PATH = "/users"

_SIGNED_UP = "A mail is on its way to you. Please follow its link to confirm your address."


@router.post(
    PATH,
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
        return accepted(_SIGNED_UP)
    return welcome(request, entrance, status.HTTP_201_CREATED)


@router.put(
    PATH,
    response_model=AccountOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my e-mail or my password; a new password signs all others out",
)
async def replace_account(
    change: AccountChange, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    return show_account(await actions.change(house, me, change.user, device))


@router.patch(
    PATH,
    response_model=AccountOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my e-mail or my password (the same as PUT)",
)
async def edit_account(
    change: AccountChange, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    return await replace_account(change, me, request, device)


@router.delete(
    PATH,
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
