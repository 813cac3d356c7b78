"""Reading a file. Nothing of it ever runs: it is a picture that we developed, or a download."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.attachments import actions as attachments
from app.attachments.actions import File
from app.attachments.naming import content_disposition
from app.auth.access import EnteredAttachment
from app.kit.caching import is_known
from app.kit.http import not_modified
from app.kit.openapi import errors, unchanged
from app.kit.ranges import read_range
from app.kit.storage import Storage

router = APIRouter()

# Even if a browser took it for a page: without scripts, without an origin, and in no frame.
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

_BYTES: dict[str, Any] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file, in the type of its content"} | _BYTES,
    206: {"description": "The part of it that `Range` asked for"} | _BYTES,
    302: {
        "description": "It is read from the storage itself, by an address that is good for some"
        " seconds"
    },
    **unchanged(),
    **errors(401, 404, 409, 416, 503),
}


@router.get(
    "/attachments/{attachment_id:id}",
    response_class=Response,
    responses=_ANSWERS,
    summary="Read a file, or a part of it",
)
async def download_attachment(entered: EnteredAttachment, request: Request) -> Response:
    file = attachments.open_file(entered.attachment, entered.user.id)
    return await _serve(request, file)


@router.get(
    "/attachments/{attachment_id:id}/thumbnail",
    response_class=Response,
    responses=_ANSWERS,
    summary="Read an image in small",
)
async def download_thumbnail(entered: EnteredAttachment, request: Request) -> Response:
    return await _serve(request, attachments.open_thumbnail(entered.attachment))


async def _serve(request: Request, file: File) -> Response:
    storage: Storage = request.state.storage
    if is_known(request.headers, file.tag):
        return not_modified(file.tag)
    if address := await storage.address(file.key):
        headers = {"Location": address, "Cache-Control": "no-store"}
        return Response(status_code=302, headers=headers)
    part = read_range(request.headers, file.tag, file.size)
    chunks = await storage.read(file.key, part.start, part.end)
    headers = part.headers | {
        "ETag": file.tag,
        "Content-Type": file.content_type,
        "Content-Disposition": content_disposition(file.name, inline=file.inline),
        "Content-Security-Policy": _POLICY,
    }
    return StreamingResponse(chunks, 206 if part.is_partial else 200, headers)
