"""What every refusal looks like."""

from typing import Any

import httpx


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Hold an error against the documented shape. Shape: (status, code)"""
    body = read_error(response)
    return response.status_code, body["code"]


def read_error(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code >= 400, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    body: dict[str, Any] = response.json()
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["code"]
    if response.status_code == 422:
        assert set(body) == {"status", "errors", "fields", "code", "request_id"}
        assert body["status"] == "error"
        assert body["errors"]
        assert all(isinstance(sentence, str) and sentence for sentence in body["errors"])
        assert all(field and sentences for field, sentences in body["fields"].items())
    else:
        assert set(body) == {"error", "code", "request_id"}
        assert isinstance(body["error"], str)
    return body
