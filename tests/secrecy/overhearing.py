"""Overhears what the clients of the tests say: over httpx and over WebSockets, wherever they are.

Not overheard: what curl and the clients of npm say, and what is written to a bare socket, unless
the test tells of it. Of those the shapes are found, and the cookies that httpx got for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.client import ClientProtocol
from websockets.http11 import Request

from tests.secrecy.secrets import Secrets


@contextmanager
def overhear(secrets: Secrets) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        _overhear_httpx(patched, secrets)
        _overhear_websockets(patched, secrets)
        yield


def _overhear_httpx(patched: pytest.MonkeyPatch, secrets: Secrets) -> None:
    send, send_async = httpx.Client.send, httpx.AsyncClient.send

    def heard(client: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        _hear_request(secrets, request)
        response = send(client, request, **how)
        _hear_response(secrets, response)
        return response

    async def heard_async(
        client: httpx.AsyncClient, request: httpx.Request, **how: Any
    ) -> httpx.Response:
        _hear_request(secrets, request)
        response = await send_async(client, request, **how)
        _hear_response(secrets, response)
        return response

    patched.setattr(httpx.Client, "send", heard)
    patched.setattr(httpx.AsyncClient, "send", heard_async)


def _hear_request(secrets: Secrets, request: httpx.Request) -> None:
    secrets.add_query(request.url.query.decode())
    for name, value in request.headers.multi_items():
        secrets.add_header(name, value)
    with suppress(httpx.RequestNotRead):  # It is sent in pieces.
        secrets.add_document(request.content, unread="request body")


def _hear_response(secrets: Secrets, response: httpx.Response) -> None:
    for value in response.headers.get_list("set-cookie"):
        secrets.add_header("set-cookie", value)
    if token := response.headers.get("authorization"):
        secrets.add_header("authorization", token)
    is_whole = response.is_stream_consumed and response.is_closed
    # A refusal says what is wrong with a password, and not what it is.
    if is_whole and response.is_success and "json" in response.headers.get("content-type", ""):
        secrets.add_document(response.content)


def _overhear_websockets(patched: pytest.MonkeyPatch, secrets: Secrets) -> None:
    send_request, send_text = ClientProtocol.send_request, ClientProtocol.send_text

    def heard_request(protocol: ClientProtocol, request: Request) -> None:
        secrets.add_query(request.path.partition("?")[2])
        for name, value in request.headers.raw_items():
            secrets.add_header(name, value)
        send_request(protocol, request)

    def heard_text(protocol: ClientProtocol, data: bytes, *how: Any, **more: Any) -> None:
        secrets.add_document(bytes(data), unread="frame")
        send_text(protocol, data, *how, **more)

    patched.setattr(ClientProtocol, "send_request", heard_request)
    patched.setattr(ClientProtocol, "send_text", heard_text)
