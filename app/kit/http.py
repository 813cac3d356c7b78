"""HTTP as we speak it: how bearers come in, and how errors go out in the documented shape."""

import asyncio
from typing import Any

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from app.kit.errors import (
    ChatFlowError,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Problem,
    TooLarge,
    UnsupportedMediaType,
    render,
)
from app.kit.validation import from_request

logger = structlog.get_logger()


class JSONResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return content if isinstance(content, bytes) else orjson.dumps(content)


def not_modified(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag})


def error_response(error: ChatFlowError, request_id: str | None) -> Response:
    headers = {"Cache-Control": "no-store"} | error.headers
    return JSONResponse(render(error, request_id), error.status, headers)


def bearer_token(headers: Headers) -> str | None:
    """An empty one is none. Source: RFC 6750, section 2.1."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def show_errors(app: FastAPI) -> None:
    """Teach the application our error family, and what stands for it in the frameworks."""
    app.add_exception_handler(ChatFlowError, _show)
    app.add_exception_handler(RequestValidationError, _show_invalid)
    app.add_exception_handler(HTTPException, _show_framework_error)
    app.add_exception_handler(ClientDisconnect, _show_nobody)


async def _show(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChatFlowError)
    return error_response(error, request.state.request_id)


async def _show_nobody(_request: Request, _error: Exception) -> Response:
    """Whoever was sending something has gone in the middle of it."""
    return Response(status_code=400)


async def _show_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if _is_unread_body(request, error):
        return await _show(request, UnsupportedMediaType())
    return await _show(request, from_request(error.errors()))


def _is_unread_body(request: Request, error: RequestValidationError) -> bool:
    """FastAPI hands over as bytes what is not declared to be JSON."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = content_type == "application/json" or content_type.endswith("+json")
    return not is_json and isinstance(error.body, bytes)


async def _show_framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = await _show(request, _from_framework(error))
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed_methods(request))
    return response


def _allowed_methods(request: Request) -> list[str]:
    """Of every route at this address: the router itself names those of the first only."""

    def is_allowed(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return [*filter(is_allowed, ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"))]


def _from_framework(error: HTTPException) -> ChatFlowError:
    if error.status_code == 400:
        # FastAPI's word for a body that it could not read: not UTF-8, or nested too deeply.
        return Invalid({"base": [Problem("json_invalid", "the request body is not valid JSON")]})
    known: dict[int, type[ChatFlowError]] = {
        403: Forbidden,
        404: NotFound,
        405: MethodNotAllowed,
        413: TooLarge,
        415: UnsupportedMediaType,
    }
    return known.get(error.status_code, ChatFlowError)()


def log_unexpected(error: BaseException) -> None:
    """Whole, with its stack: this is the only trace of a mistake of ours."""
    if not isinstance(error, asyncio.CancelledError):
        logger.error("error.unexpected", exc_info=error)
