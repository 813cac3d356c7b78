"""What goes wrong, and how it is said."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app.kit.settings import Settings
from app.messages import actions as messages
from tests.answers import read_error, refusal
from tests.conftest import serve
from tests.factories import PASSWORD, House
from tests.houses import changed, house_with, unused_port

MIB = 1024 * 1024

# Addresses and methods.


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/users/"),
        ("GET", "/conversations/"),
        ("GET", "/conversations/x"),
        ("GET", "/conversations/1/messages/"),
        ("GET", "/conversations/1/nowhere"),
        ("GET", "//users/me"),
        ("GET", "/USERS/ME"),
        ("GET", "/users/me%2f"),
        ("GET", "/.git/config"),
        ("GET", "/docs/../main.py"),
        ("GET", "/docs/%2e%2e%2fmain.py"),
        ("POST", "/nowhere"),
        ("DELETE", "/conversations/01"),
        ("PUT", "/users/sign_in/x"),
    ],
)
async def test_an_unknown_address_is_404_whoever_asks(house: House, method: str, path: str) -> None:
    alice = await house.person("alice")

    for client in (house.client(), alice.client):
        answer = await client.request(method, path)
        assert refusal(answer) == (404, "not_found")
        assert answer.json()["error"] == "Not found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/sign_in"),
        ("GET", "/users/sign_out"),
        ("POST", "/users/sign_out"),
        ("DELETE", "/users/me"),
        ("POST", "/users/me"),
        ("PUT", "/conversations"),
        ("DELETE", "/conversations/1"),
        ("PATCH", "/conversations/1/messages"),
        ("OPTIONS", "/conversations"),
        ("TRACE", "/"),
        ("POST", "/up"),
        ("BREW", "/users/me"),
    ],
)
async def test_a_method_that_an_address_does_not_take_is_405(
    house: House, method: str, path: str
) -> None:
    alice = await house.person("alice")

    for client in (house.client(), alice.client):
        answer = await client.request(method, path)
        assert refusal(answer) == (405, "method_not_allowed")
        assert answer.headers["allow"]


async def test_405_names_every_method_that_there_is(house: House) -> None:
    """Source: RFC 9110, section 15.5.6."""
    me = await house.client().delete("/users/me")
    messages_of = await house.client().delete("/conversations/1/messages")

    assert set(re.split(", *", me.headers["allow"])) >= {"GET", "PUT", "PATCH"}
    assert set(re.split(", *", messages_of.headers["allow"])) >= {"GET", "POST"}


# The request's id.


@pytest.mark.parametrize("theirs", ["a", "x" * 64, "A-Za-z0-9._-", "7d9f.e_1-2"])
async def test_the_clients_own_request_id_is_kept(house: House, theirs: str) -> None:
    for path in ("/up", "/nowhere", "/users/me"):
        answer = await house.client().get(path, headers={"X-Request-Id": theirs})
        assert answer.headers["x-request-id"] == theirs
        assert answer.is_success or answer.json()["request_id"] == theirs


@pytest.mark.parametrize(
    "theirs",
    ["", "x" * 65, "a b", "a\tb", "<script>", "é", 'a"b', "a/b", "a,b", "a\nb", "a\r\nb: c"],
)
async def test_any_other_request_id_is_replaced(house: House, theirs: str) -> None:
    headers = {b"X-Request-Id": theirs.encode()}

    answer = await house.client().get("/nowhere", headers=headers)

    assert read_error(answer)["request_id"] != theirs
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answer.headers["x-request-id"])


async def test_each_request_has_an_id_of_its_own(house: House) -> None:
    client = house.client()

    ids = {(await client.get("/up")).headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5


# Bodies.


async def bytes_in_pieces(size: int) -> AsyncIterator[bytes]:
    """Sent without a `Content-Length`."""
    yield b'{"body": "'
    for _ in range(size // 65_536 + 1):
        yield b"x" * 65_536
    yield b'"}'


async def heavy(client: httpx.AsyncClient, path: str, size: int) -> list[httpx.Response]:
    json = {"content-type": "application/json"}
    whole = b'{"body": "' + b"x" * size + b'"}'
    return [
        await client.post(path, content=whole, headers=json),
        await client.post(path, content=bytes_in_pieces(size), headers=json),
    ]


async def test_a_body_over_one_mebibyte_is_413(live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    path = f"/conversations/{conversation.id}/messages"

    for answer in await heavy(alice.client, path, MIB):
        assert refusal(answer) == (413, "too_large")
    for answer in await heavy(alice.client, path, MIB - 200_000):
        assert refusal(answer) == (422, "body_too_long")
    assert (await alice.client.get(path)).json()["messages"] == []


async def test_a_body_of_exactly_one_mebibyte_is_read(house: House) -> None:
    alice = await house.person("alice")
    json = {"content-type": "application/json"}
    padded = b'{"name": "Al"}'.ljust(MIB)

    fits = await alice.client.patch("/users/me", content=padded, headers=json)
    heavier = await alice.client.patch("/users/me", content=padded + b" ", headers=json)

    assert fits.status_code == 200
    assert refusal(heavier) == (413, "too_large")


MEDIA_TYPES: dict[str | None, bool] = {
    "application/json": True,
    "APPLICATION/JSON": True,
    "application/json; charset=utf-8": True,
    "application/json;charset=UTF-8": True,
    None: False,
    "": False,
    "text/plain": False,
    "text/json": False,
    "application/x-www-form-urlencoded": False,
    "multipart/form-data; boundary=x": False,
    "application/xml": False,
    "application/jsonp": False,
    "application/octet-stream": False,
    "json": False,
    "*/*": False,
    "x; application/json": False,
}


@pytest.mark.parametrize(("media_type", "is_read"), MEDIA_TYPES.items())
async def test_a_body_must_say_that_it_is_json(
    house: House, media_type: str | None, is_read: bool
) -> None:
    alice = await house.person("alice")
    headers = {} if media_type is None else {"content-type": media_type}

    answer = await alice.client.patch("/users/me", content=b'{"name": "Al"}', headers=headers)

    if is_read:
        assert answer.json()["user"]["name"] == "Al"
    else:
        assert refusal(answer) == (415, "unsupported_media_type")
        assert (await alice.client.get("/users/me")).json()["name"] == "Alice"


# Headers of every answer.


async def test_every_answer_keeps_browsers_careful(house: House) -> None:
    alice, client = await house.person("alice"), house.client()
    tag = (await alice.client.get("/conversations")).headers["etag"]
    answers = [
        await client.get("/up"),
        await client.get("/"),
        await client.get("/nowhere"),
        await client.get("/users/me"),
        await client.put("/up"),
        await client.post("/users", json={}),
        await alice.client.get("/conversations"),
        await alice.client.get("/conversations", headers={"If-None-Match": tag}),
        await alice.client.patch("/users/me", json={}, headers={"Origin": "https://evil.example"}),
        await alice.client.delete("/users/sign_out"),
    ]

    assert [answer.status_code for answer in answers] == [
        *(200, 200, 404, 401, 405, 422, 200, 304, 403, 204)
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] in ("private, no-cache", "no-store")
        assert answer.headers["vary"].endswith("Cookie, Authorization")
        assert answer.headers.get_list("x-request-id") == [answer.headers["x-request-id"]]
        assert "server" not in answer.headers or "uvicorn" not in answer.headers["server"]


async def test_https_is_remembered(house: House) -> None:
    plain = await house.client().get("/up")
    safe = await house.client().get("https://localhost:3000/up")

    assert "strict-transport-security" not in plain.headers
    assert safe.headers["strict-transport-security"].startswith("max-age=")


async def test_a_load_balancer_may_ask_by_head(house: House) -> None:
    answer = await house.client().head("/up")

    assert (answer.status_code, answer.content) == (200, b"")


# Mistakes of ours.


async def test_an_unexpected_error_tells_nothing_and_breaks_nothing(
    live_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    path = f"/conversations/{conversation.id}/messages"

    async def post_and_trip(*args: Any) -> None:
        raise RuntimeError("swordfish")

    async with httpx.AsyncClient(
        base_url=live_house.base_url,
        headers={"cookie": alice.cookie},
        limits=httpx.Limits(max_connections=1),
    ) as client:
        connections = []

        async def note(event: str, info: dict[str, Any]) -> None:
            if event == "connection.connect_tcp.complete":
                connections.append(info)

        with monkeypatch.context() as patched, capture_logs() as logs:
            patched.setattr(messages, "post", post_and_trip)
            answer = await client.post(
                path,
                json={"body": "herring"},
                headers={"X-Request-Id": "r-1"},
                extensions={"trace": note},
            )
        afterwards = await client.post(path, json={"body": "Hello"}, extensions={"trace": note})
        history = await client.get(path)

    assert refusal(answer) == (500, "internal")
    assert answer.json()["request_id"] == "r-1"
    assert "swordfish" not in answer.text
    assert "herring" not in answer.text
    assert afterwards.status_code == 201
    assert len(connections) == 1, "the connection was kept"
    assert [message["body"] for message in history.json()["messages"]] == ["Hello"]
    assert [str(log["exc_info"]) for log in logs if log["log_level"] == "error"] == ["swordfish"]


# Postgres that is slow, full or away.


async def test_waiting_too_long_for_a_lock_is_503(
    settings: Settings, live_house: House, engine: AsyncEngine
) -> None:
    await held_stream(live_house, engine, changed(settings, database_lock_timeout_seconds=0.2))


async def test_a_statement_that_takes_too_long_is_503(
    settings: Settings, live_house: House, engine: AsyncEngine
) -> None:
    await held_stream(live_house, engine, changed(settings, database_statement_timeout_seconds=0.5))


async def held_stream(live_house: House, engine: AsyncEngine, impatient: Settings) -> None:
    """Somebody holds the conversation's place while another wants to post."""
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    await live_house.message(conversation, bob)
    path, hello = f"/conversations/{conversation.id}/messages", {"body": "Hello"}
    async with serve(impatient) as house:
        client = house.client()
        client.headers["cookie"] = alice.cookie
        async with engine.begin() as connection:
            await connection.execute(text("SELECT 1 FROM streams FOR UPDATE"))
            meanwhile = await client.post(path, json=hello)
            reading = await client.get(path)
        afterwards = await client.post(path, json=hello)

    assert refusal(meanwhile) == (503, "unavailable")
    assert int(meanwhile.headers["retry-after"]) >= 1
    assert reading.status_code == 200, "who only reads does not wait"
    assert afterwards.status_code == 201
    assert afterwards.json()["seq"] == 2


async def test_a_pool_without_a_free_connection_is_503(
    settings: Settings, live_house: House
) -> None:
    alice = await live_house.person("alice")
    tiny = changed(settings, database_pool_size=1, database_pool_timeout_seconds=0.2)
    async with serve(tiny) as house:
        client = house.client()
        client.headers["cookie"] = alice.cookie
        async with house.session() as session:
            await session.execute(text("SELECT 1"))
            meanwhile = await client.get("/users/me")
            up = await client.get("/up")
        afterwards = await client.get("/users/me")

    assert refusal(meanwhile) == (503, "unavailable")
    assert int(meanwhile.headers["retry-after"]) >= 1
    assert up.status_code == 200
    assert afterwards.status_code == 200


async def test_without_postgres_everything_is_503_but_the_process_is_up(
    settings: Settings, live_house: House
) -> None:
    alice = await live_house.person("alice")
    nowhere = f"postgresql://nobody:swordfish@127.0.0.1:{unused_port()}/nothing"
    async with serve(changed(settings, database_url=nowhere)) as house:
        client = house.client()
        client.headers["cookie"] = alice.cookie
        up, ready = await client.get("/up"), await client.get("/up/ready")
        answers = [
            await client.get("/users/me"),
            await client.get("/conversations/1/messages"),
            await client.post("/conversations", json={"participant_ids": [1]}),
            await client.post(
                "/users/sign_in", json={"user": {"email": "a@b.c", "password": PASSWORD}}
            ),
        ]

    assert up.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["postgres"] == "away"
    for answer in answers:
        assert refusal(answer) == (503, "unavailable")
        assert "swordfish" not in answer.text


async def test_without_redis_messages_are_saved_all_the_same(
    settings: Settings, engine: AsyncEngine
) -> None:
    redis = f"redis://127.0.0.1:{unused_port()}/0"
    async with house_with(settings, engine, redis_url=redis) as house:
        alice, bob = await house.person("alice"), await house.person("bob")
        path = f"/conversations/{(await house.conversation(alice, bob)).id}/messages"

        posted = await alice.client.post(path, json={"body": "Hello"})

        assert posted.status_code == 201
        assert (await bob.client.get(path)).json()["messages"] == [posted.json()]
        assert (await bob.client.get("/up/ready")).json()["redis"] == "away"
