"""One's second factor over HTTP."""

from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.auth.access import AskedFrom, EnteredHouse, Myself
from app.auth.schemas import Proof
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.second_factor import actions, queries
from app.second_factor.schemas import (
    Confirmation,
    EnrolmentOut,
    RecoveryCodesOut,
    SecondFactorOut,
)

router = APIRouter(prefix="/users/second_factor", tags=["second factor"])

_SECRET = {"Cache-Control": "no-store"}


@router.get(
    "",
    response_model=SecondFactorOut,
    responses=errors(401, 503),
    summary="Is my second factor turned on?",
)
async def show_second_factor(me: Myself, session: Session) -> Response:
    return JSONResponse(await queries.show_second_factor(session, me.user.id))


@router.post(
    "",
    status_code=201,
    response_model=EnrolmentOut,
    responses=errors(401, 403, 409, 413, 415, 422, 429, 503),
    summary="Get a secret for an authenticator, which counts once it is confirmed",
)
async def begin_second_factor(
    proof: Proof, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    enrolment = await actions.begin(house, me, proof, device)
    return JSONResponse(enrolment, status.HTTP_201_CREATED, _SECRET)


@router.put(
    "",
    response_model=RecoveryCodesOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Turn the second factor on by a code of the secret, and sign out everywhere else",
)
async def confirm_second_factor(
    draft: Confirmation, me: Myself, session: Session, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    codes = await actions.confirm(house, session, me, draft, device)
    return _show(codes, status.HTTP_200_OK)


@router.delete(
    "",
    status_code=204,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="Turn the second factor off",
)
async def disable_second_factor(
    proof: Proof, me: EnteredHouse, request: Request, device: AskedFrom
) -> None:
    house: Any = request.state
    await actions.disable(house, me, proof, device)


@router.post(
    "/recovery_codes",
    status_code=201,
    response_model=RecoveryCodesOut,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="Get new recovery codes, and void the old ones",
)
async def renew_recovery_codes(
    proof: Proof, me: EnteredHouse, request: Request, device: AskedFrom
) -> Response:
    house: Any = request.state
    codes = await actions.renew_recovery_codes(house, me, proof, device)
    return _show(codes, status.HTTP_201_CREATED)


def _show(codes: list[str], status_code: int) -> Response:
    answer: RecoveryCodesOut = {"recovery_codes": codes}
    return JSONResponse(answer, status_code, _SECRET)
