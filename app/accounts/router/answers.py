"""What several of these operations answer."""

from fastapi import Response, status

from app.accounts.schemas import AcceptedOut, AccountOut
from app.auth.queries import show_user
from app.kit.http import JSONResponse
from app.models import User


def accepted(message: str) -> Response:
    answer: AcceptedOut = {"status": "success", "message": message}
    return JSONResponse(answer, status.HTTP_202_ACCEPTED)


def show_account(user: User) -> Response:
    answer: AccountOut = {
        "status": "success",
        "user": show_user(user, with_email=True),
        "unconfirmed_email": user.unconfirmed_email,
    }
    return JSONResponse(answer)
