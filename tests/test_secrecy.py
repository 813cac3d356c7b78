"""The grep that every run ends with: it finds what was planted, and says where but not what."""

import re
from pathlib import Path

import pytest

from tests.cli.running import place_for_data
from tests.factories import House
from tests.messages.conftest import chat_in
from tests.realtime.sockets import Room
from tests.secrecy import SECRETS, refuse_secrets_in
from tests.secrecy.logs import leaks_in
from tests.secrecy.secrets import Secrets

PASSWORD = "correct horse 7"
BODY = 'Meet me at the\n"old" bridge by midnight'
COOKIE = "7.c2VjcmV0.c2lnbmF0dXJl"

# Shape: (line of a log, the kind of secret that is in it)
PLANTED = [
    (f'{{"event": "it.failed", "sent": "{PASSWORD}"}}', "password"),
    ("STATEMENT: UPDATE users SET x = 'tr0ub4dor-and-3'", "current_password"),
    ("answered newTok3n!one", "token"),
    ("codes: one1-two2-three", "recovery_codes"),
    (r'{"event": "it.failed", "error": "about \"old\" bridge by midnight"}', "message body"),
    ("{'body': 'Meet me at the", "message body"),
    (f"a cookie {COOKIE}.", "cookie"),
    ("with OTHER.bearer.value", "authorization"),
    ("GET /users/confirmation?confirmation_token=q9-Zx8_wv7", "confirmation_token"),
    ("cannot read nonsense of a client", "request body"),
    ("$2a$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "password hash"),
    ("$bcrypt-sha256$v=2,t=2b,r=4$", "password hash"),
    ("Set-Cookie: _chatflow_session=1.abcdefghi.x", "session cookie"),
    ("authorization: bearer abcdefghijk7", "bearer token"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIx.x", "JSON Web Token"),
    ("token chatflow_12_abcdefgh0123", "API token"),
    ("gAAAAABn0123456789abcdefghijkl", "Fernet token"),
    ("otpauth://totp/ChatFlow:alice", "key of a second factor"),
    ("Credentials(email='a@example.com', password='x')", "named password"),
    (r'{"event": "it.failed", "sent": "{\"body\": \"x\"}"}', "named body"),
    ("to postgresql://chatflow:hunter2@db/chatflow", "password in a URL"),
]

INNOCENT = [
    '{"timestamp": "2026-01-02T03:04:05.678901Z", "event": "password.changed", "user_id": 7}',
    '{"event": "POST /users/password", "request_id": "36513fbaf395455ea86f663f8e136619"}',
    "STATEMENT: INSERT INTO users (email, encrypted_password) VALUES ($1::VARCHAR, $2::VARCHAR)",
    'File "app/auth/router.py", line 12\\n    f"{SESSION_COOKIE}={cookie}; Bearer {token}"',
    "redis://:***@cache:6379/0 and postgresql+asyncpg://postgres@/chatflow?host=/tmp/x",
    "Hello",
    "a bearer credential",
    "draft = MessageDraft(body=body, password=None)",
    '{"event": "request.refused", "fields": ["body", "password"]}',
]


@pytest.fixture
def secrets() -> Secrets:
    """What somebody said who said a bit of everything."""
    secrets = Secrets()
    user = {"password": PASSWORD, "current_password": "tr0ub4dor-and-3", "name": "Alice Liddell"}
    secrets.add_field("", {"user": user, "otp_attempt": "123456", "body": BODY})
    secrets.add_field("", {"token": "newTok3n!one"})
    secrets.add_field("", {"recovery_codes": ["one1-two2-three", "f0ur-five-six"]})
    # Too common to be looked for: they are in any log.
    secrets.add_field("", {"user": {"password": "password"}, "body": "Hello"})
    secrets.add_field("", {"password": "00000000", "reset_password_token": None})
    secrets.add_header("Cookie", f"theme=dark; _chatflow_session={COOKIE}")
    secrets.add_header("Authorization", "Bearer OTHER.bearer.value")
    secrets.add_query("confirmation_token=q9-Zx8_wv7&limit=50")
    secrets.add_document(b"{nonsense of a client", unread="request body")
    return secrets


@pytest.mark.parametrize(("line", "kind"), PLANTED, ids=[kind for _, kind in PLANTED])
def test_a_planted_secret_is_found_and_not_repeated(secrets: Secrets, line: str, kind: str) -> None:
    with pytest.raises(AssertionError) as refusal:
        refuse_secrets_in(secrets, ["nothing", line], "a.log")
    head, *leaks = str(refusal.value).splitlines()
    assert head == "There are secrets in the logs:"
    assert f"a.log:2: {kind} in " in str(refusal.value)
    # Nothing of the line is shown that might be the secret.
    named = re.compile(r"a\.log:2: [\w ]+ in ('it\.failed'|STATEMENT|a line)")
    assert all(map(named.fullmatch, leaks))


def test_a_line_without_a_secret_is_no_leak(secrets: Secrets) -> None:
    assert list(leaks_in(secrets, INNOCENT, "a.log")) == []
    refuse_secrets_in(secrets, INNOCENT, "a.log")


def test_a_json_line_is_named_by_its_event(secrets: Secrets) -> None:
    (leak,) = leaks_in(secrets, [PLANTED[0][0]], "a.log")
    assert str(leak) == "a.log:1: password in 'it.failed'"
    (leak,) = leaks_in(secrets, [f'{{"event": "failed for {PASSWORD}"}}'], "a.log")
    assert str(leak) == "a.log:1: password in an event's name"


async def test_what_is_said_over_http_is_overheard(house: House) -> None:
    user = {"email": "dora@example.com", "password": "overheard-0ver-http"}
    signed_up = await house.client().post("/users", json={"user": user})
    cookie = signed_up.cookies["_chatflow_session"]
    chat = await chat_in(house)
    await chat.post("Nobody logs this sentence")
    await chat.alice.client.get("/users/me", params={"reset_password_token": "in-A-query-7"})

    for said in (
        "overheard-0ver-http",
        cookie,
        "Nobody logs this sentence",
        "in-A-query-7",
        chat.alice.cookie.partition("=")[2],
    ):
        assert SECRETS.kinds_in(f"... {said} ..."), said
    assert not SECRETS.kinds_in("... never-Said-by-anybody-5 ...")


async def test_what_is_said_over_a_socket_is_overheard(live_house: House) -> None:
    room = await Room.in_house(live_house)
    async with room.cable(room.alice) as cable:
        await cable.ask(type="message.create", body="Nobody logs what sockets say")
    for said in ("Nobody logs what sockets say", room.alice.cookie.partition("=")[2]):
        assert SECRETS.kinds_in(f"... {said} ..."), said


def test_the_logs_of_a_place_are_read_before_it_is_removed() -> None:
    def leave(place: Path, name: str, text: str) -> None:
        log = place / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text)

    for name in ("data/log/postgres.log", "data/log/postgres.log.1", "printed-1.txt", "a.jsonl"):
        with place_for_data() as quiet:
            leave(quiet, name, "nothing to be seen")
        with pytest.raises(AssertionError, match="password hash"), place_for_data() as place:
            leave(place, name, "$2b$04$abcdefgh")
        assert not place.exists()
