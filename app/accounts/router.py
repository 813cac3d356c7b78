"""Accounts over HTTP, at Devise's addresses."""

from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.accounts import actions
from app.accounts.schemas import SignUp
from app.auth.access import AskedFrom
from app.auth.router import welcome
from app.auth.schemas import SignedInOut
from app.kit import networks
from app.kit.limits import Limit
from app.kit.openapi import errors

router = APIRouter(tags=["auth"])

SIGN_UP_PATH = "/users"


@router.post(
    SIGN_UP_PATH,
    status_code=201,
    response_model=SignedInOut,
    responses=errors(403, 413, 415, 422, 429, 503),
    summary="Create an account, and be signed in",
)
async def sign_up(draft: SignUp, request: Request, device: AskedFrom) -> Response:
    house: Any = request.state
    address = networks.key_of(device.address)
    await house.limits.check(Limit("sign_up", house.settings.registration_rate, address))
    entrance = await actions.sign_up(house, draft.user, device)
    return welcome(request, entrance, status.HTTP_201_CREATED)
