"""Sending a file: the body of the request is the file, and goes on into the storage as it comes."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.attachments import actions as attachments
from app.attachments.actions import Upload
from app.attachments.naming import FileName
from app.attachments.schemas import AttachmentOut
from app.auth.access import EnteredHouse
from app.kit.http import JSONResponse
from app.kit.openapi import errors

UPLOAD_PATH = "/attachments"

router = APIRouter()

_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. Its type is seen by its content",
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "The minutes of our last meeting.",
            }
        },
    }
}


@router.post(
    UPLOAD_PATH,
    status_code=201,
    response_model=AttachmentOut,
    responses=errors(401, 403, 408, 413, 422, 429, 503),
    openapi_extra=_FILE,
    summary="Upload a file, to be sent in a message",
)
async def upload_attachment(
    me: EnteredHouse,
    request: Request,
    name: Annotated[FileName, Query(description="Up to 255 characters", examples=["minutes.txt"])],
) -> Response:
    """Whoever sends it sees its progress by what has gone out: nothing is held back here."""
    upload = Upload(name, _declared_size(request), request.stream())
    shown = await attachments.upload(request.state, me.user.id, upload)
    return JSONResponse(shown, 201)


def _declared_size(request: Request) -> int | None:
    declared = request.headers.get("content-length", "")
    return int(declared) if re.fullmatch("[0-9]{1,18}", declared) else None
