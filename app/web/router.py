"""The web client for whoever asks for a page, and its files."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match

from app.kit.caching import is_known
from app.kit.errors import NotFound
from app.kit.http import not_modified
from app.web.files import FILES, PAGE, VERSION, File

router = APIRouter(include_in_schema=False)

# What a browser would run or load if markup ever slipped through: nothing that is not ours. Trusted
# Types turn every way to make markup out of text into an error.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: blob:;"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
_ONE_YEAR = "public, max-age=31536000, immutable"


class _PageRoute(APIRoute):
    """Matches only where somebody asks for a page: for programs these addresses are the API's."""

    def matches(self, scope: Any) -> Any:
        match, child_scope = super().matches(scope)
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        return (match, child_scope) if wants_page else (Match.NONE, {})


_pages = APIRouter(route_class=_PageRoute, include_in_schema=False)


@_pages.get("/")
@_pages.get("/users/password/edit")  # The links that are mailed.
@_pages.get("/users/confirmation")
@_pages.get("/users/unlock")
async def show_page(request: Request) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Vary": "Accept"}
    return _answer(request, PAGE, headers)


router.include_router(_pages)


@router.get("/web/{version}/{name:path}")
async def show_web_file(version: str, name: str, request: Request) -> Response:
    """While versions change, a page may ask for files of another: it gets ours, for this once."""
    if name not in FILES:
        raise NotFound
    caching = _ONE_YEAR if version == VERSION else "no-cache"
    return _answer(request, FILES[name], {"Cache-Control": caching, "Vary": "Accept-Encoding"})


def _answer(request: Request, file: File, headers: dict[str, str]) -> Response:
    if is_known(request.headers, file.tag):
        answer = not_modified(file.tag)
        answer.headers.update(headers)
        return answer
    headers = headers | {"ETag": file.tag}
    return Response(file.content, media_type=file.media_type, headers=headers)
