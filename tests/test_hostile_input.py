"""Whatever is sent, wherever it is put: never our fault, always in our shape, never repeated.

The marker `swordfish` is in whatever may hold it; no refusal may say it.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.answers import read_error
from tests.cast import Cast, cast
from tests.factories import House
from tests.operations import OPERATIONS, WITH_BODY, Operation

MARKER = "swordfish"
JSON = {"content-type": "application/json"}


def text_of(value: Any) -> bytes:
    return json.dumps(value).encode()


# What stands where a value should. Raw JSON, because some of it is none.
VALUES: list[bytes] = [
    # Constants and numbers.
    *(b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity"),
    *(b"0", b"-0", b"-1", b"1.5", b"-0.0", b"1e3", b"1e400", b"-1e400", b"1e-400", b"0.1e1"),
    *(b"2147483648", b"9007199254740993", b"9223372036854775807", b"9223372036854775808"),
    *(b"18446744073709551616", b"-9223372036854775809", b"1" + b"0" * 400, b"1" + b"0" * 5_000),
    # What only looks like a number.
    *(b"042", b"+1", b"0x10", b"1_000", b".5", b"1.", b"\xd9\xa4\xd9\xa2", b"--1"),
    # Texts that are numbers, times and paths.
    *(
        text_of(one)
        for one in ("042", "4_2", "٤٢", "1e3", "+1", "-1", "0", "NaN", "9" * 400, "1\n")
    ),
    *(text_of(one) for one in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")),
    *(text_of(one) for one in ("../../etc/passwd", "%00", "%2e%2e", f"{MARKER}\\..\\..")),
    # Texts that are hard to store or to show.
    text_of(""),
    text_of(" "),
    text_of("\0"),
    text_of(f"{MARKER}\0{MARKER}"),
    text_of(f"\x01\x08\x1b[31m{MARKER}\x7f"),
    f'"{MARKER}\\ud800"'.encode(),
    f'"\\udc00{MARKER}\\ud800\\ud800"'.encode(),
    b'"\\ud83d\\ude00"',
    text_of(f"{MARKER}\ufffe\uffff\U0010ffff"),
    text_of("\u202e\u2066" + MARKER),
    text_of("\ufeff" + MARKER),
    text_of("e" + "\u0301" * 1_000),
    text_of("\ufdfa" * 300),
    text_of("İıſẞK" * 10),
    text_of(MARKER * 20_000),
    b'"\xff\xfe' + MARKER.encode() + b'"',
    b'"\xed\xa0\x80' + MARKER.encode() + b'"',
    b'"\xc0\xaf' + MARKER.encode() + b'"',
    b'"\xf4\x90\x80\x80"',
    # Texts that mean something to somebody.
    text_of(f"<script>alert('{MARKER}')</script>"),
    text_of(f"'; DROP TABLE users; -- {MARKER}"),
    text_of(f'"){{}}${{jndi:ldap://{MARKER}}}'),
    text_of(f"{{{{{MARKER}}}}} %s %n {{0}}"),
    text_of(f"\r\nSet-Cookie: {MARKER}=1"),
    # Texts that are not JSON.
    b'"' + MARKER.encode(),
    f"'{MARKER}'".encode(),
    MARKER.encode(),
    b'"\\x41"',
    b'"\\u12"',
    b'"a\nb"',
    b"",
    b"undefined",
    # Lists and objects.
    *(b"[]", b"[[]]", b"[null]", b"[true]", b"[1.5]", b'["x"]', b"[{}]", b"[NaN]", b"[1, [2]]"),
    text_of(f"[{MARKER}]"),
    b"[" + b"0," * 20_000 + b"0]",
    b"[" * 500 + b"]" * 500,
    b"[" * 100_000 + b"]" * 100_000,
    *(b"{}", b'{"":""}', b'{"a":{"b":{"c":{}}}}', b'{"a":1,"a":2}'),
    f'{{"{MARKER}": "{MARKER}"}}'.encode(),
    f'{{"{MARKER}\\ud800": 1}}'.encode(),
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b'{"__proto__": {"admin": true}, "__class__": "x"}',
]

# What stands where a whole body should.
BODIES: list[bytes] = [
    *VALUES,
    b"\xef\xbb\xbf{}",
    '{"user": {}, "body": "x"}'.encode("utf-16"),
    '{"user": {}, "body": "x"}'.encode("utf-16-be"),
    '{"user": {}, "body": "x"}'.encode("utf-32"),
    b"{" + MARKER.encode(),
    b'{"body": "x",}',
    b'{"body": "x"} {"body": "y"}',
    b'{"body": "x"} ' + MARKER.encode(),
    b'{body: "x"}',
    b"// comment\n{}",
    b"\x00",
    b"\x1f\x8b\x08\x00",
    b"<xml>" + MARKER.encode() + b"</xml>",
    b"user[email]=" + MARKER.encode(),
    b'{"user": {"user": {"user": {}}}}',
    b'{"user": "' + MARKER.encode() + b'"}',
    b'{"user": [{"email": "x"}]}',
    b"{" + b",".join(b'"%d":%d' % (n, n) for n in range(20_000)) + b"}",
    b'{"' + b"x" * 100_000 + b'": 1}',
]

# What stands in a query, a path or a cursor. `bytes` go out as they are.
WORDS: list[str | bytes] = [
    *("", " ", "0", "-0", "-1", "042", "4_2", "٤٢", "1e3", "+1", "1.5", "0x10", "½", "²"),
    *("NaN", "Infinity", "-Infinity", "null", "true", "[]", "{}", "undefined"),
    *(str(2**31), str(2**53 + 1), str(2**63 - 1), str(2**63), str(2**64), "1" + "0" * 400),
    *("-" + "9" * 30, "9" * 5_000, "0" * 5_000, "0" * 5_000 + "1"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31"),
    *("0000-00-00T00:00:00Z", "2024-02-30", "2024-01-01T00:00:60Z", "2024-01-01T24:00:00Z"),
    *(
        "2024-W01-1",
        "20240101T000000Z",
        "2024-01-01T00:00:00+23:59",
        "1970-01-01T00:00:00.9999999Z",
    ),
    *("2024-01-01T00:00:00 05:30", "2024-01-01T00:00:00Z" + "Z" * 100, "infinity", "epoch", "now"),
    *(
        "\0",
        f"{MARKER}\0",
        "\x01\x7f",
        "\ufeff",
        "\u202e" + MARKER,
        "\uffff",
        "👩‍👩‍👧",
        "e\u0301" * 300,
    ),
    *("%", "_", "\\", "%%", "\\%", "'", '"', ";", "--", "*", "?", "|", "(", "[", "\\u0000"),
    *(f"'; SELECT '{MARKER}", f"<{MARKER}>", f"\r\nX: {MARKER}", f"{MARKER}\n", MARKER * 500),
    *(b"%ff", b"%00", b"%ed%a0%80", b"%c0%ae", b"%2e%2e", b"%2f", b"%5c", b"%0d%0a", b"%", b"%zz"),
    *("..", "../..", ".", "a/b", "a;b", "a&b=c", "a#b", "a+b", "a=b"),
    # Cursors: base64 of JSON that is not ours, or nearly.
    *(
        "W10",
        "e30",
        "bnVsbA",
        "====",
        "A",
        "AA",
        "////",
        "----",
        "WzEsMiwzXQ",
        "W251bGwsbnVsbCxudWxsXQ",
    ),
]

HEADERS: list[tuple[str, bytes]] = [
    (name, value)
    for name, values in {
        "cookie": (
            b"_chatflow_session",
            b"_chatflow_session=",
            b'_chatflow_session="' + MARKER.encode(),
            b"_chatflow_session=" + MARKER.encode() + b".x.y",
            b"_chatflow_session=1.x.y; _chatflow_session=2.x.y",
            b"_chatflow_session=\xff\xfe\x80",
            b"_chatflow_session=%00%ff",
            b"_chatflow_session=\\000\\377",
            b"_chatflow_session=" + b"9" * 5_000 + b".x.y",
            b"_chatflow_session=" + b"x" * 8_000,
            b"=;=;;;=_chatflow_session;",
            b"; " * 2_000,
            b"\xc3\xa9=\xc3\xa9",
        ),
        "authorization": (
            b"Bearer",
            b"Bearer \xff\xfe",
            b"Bearer 1.x.y",
            b"Bearer " + MARKER.encode(),
            b"Bearer \xd9\xa4\xd9\xa2.x.y",
            b"Bearer " + b"." * 5_000,
            b"bearer\t1.x.y",
            b"Basic " + MARKER.encode(),
            b"\xff",
            b" ",
        ),
        "if-none-match": (
            b"",
            b",",
            b'"',
            b"W/",
            b"*, *",
            b"\xff\xfe",
            b'"' + MARKER.encode(),
            b'"x",' * 2_000,
        ),
        "idempotency-key": (
            b"",
            b'"',
            b'""',
            b"\xff\xfe",
            b"\xc2\x85",
            b"\t",
            b'"' + MARKER.encode(),
            MARKER.encode() * 100,
            b"\xed\xa0\x80",
        ),
        "content-type": (
            b"",
            b";",
            b"application/json;",
            b"application/json; charset=" + MARKER.encode(),
            b"application/json; charset=utf-16",
            b"application/" + MARKER.encode(),
            b"\xff/\xff",
            b"text/plain",
            b"multipart/form-data",
            b"multipart/form-data; boundary=",
            b"application/x-www-form-urlencoded",
        ),
        "content-encoding": (b"gzip", b"br", MARKER.encode()),
        "origin": (b"", b"\xff", b"null", b"http://" + MARKER.encode(), b"http://[", b"://"),
        "sec-fetch-site": (b"", b"\xff", MARKER.encode()),
        "host": (b"", b"\xff", MARKER.encode(), b"a:b:c", b"[", b"localhost:99999999"),
        "accept": (b"", b"\xff", MARKER.encode(), b"*/*;q=x", b"text/html" * 500),
        "x-request-id": (b"", b"\xff", MARKER.encode() + b" ", MARKER.encode() * 10, b"a\nb"),
        "x-forwarded-for": (b"", b"\xff", MARKER.encode(), b"::1, 127.0.0.1", b"999.999.999.999"),
        "x-forwarded-proto": (b"", MARKER.encode(), b"https, http"),
        "x-http-method-override": (b"DELETE", MARKER.encode()),
        "content-length": (b"x", b"-1", b"\xd9\xa4"),
        "range": (b"bytes=0-0", b"bytes=99-1", MARKER.encode()),
        "accept-language": (b"\xff", MARKER.encode() * 100),
    }.items()
    for value in values
]


def judge(answer: httpx.Response, what: object) -> None:
    """Beyond what every answer is held to anyway: its documented schema."""
    assert answer.status_code < 500, (what, answer.text)
    if answer.status_code >= 400:
        read_error(answer)
        assert MARKER not in answer.text.lower(), what
    assert not [name for name in answer.headers if MARKER in name.lower()], what
    assert not [v for n, v in answer.headers.items() if MARKER in v.lower() and n != "link"], what


def replaced(example: dict[str, Any], path: tuple[str, ...], value: bytes) -> bytes:
    """The example as JSON, with this value at this place."""
    head, *rest = path
    inner = replaced(example.get(head) or {}, tuple(rest), value) if rest else value
    others = {key: text_of(old) for key, old in example.items() if key != head}
    parts = [text_of(key) + b":" + raw for key, raw in (others | {head: inner}).items()]
    return b"{" + b",".join(parts) + b"}"


def bodies(operation: Operation) -> Iterator[tuple[object, bytes]]:
    for body in BODIES:
        yield "body", body
    for path in operation.body_fields():
        for value in VALUES:
            if path[0] in operation.example:
                yield path, replaced(operation.example, path, value)
            else:  # A wrapper is optional here: with it, and without.
                yield path, replaced({}, path, value)
                yield ("user", *path), replaced(operation.example, ("user", *path), value)
    if "participant_ids" in operation.example:
        for value in VALUES:
            yield "participant_ids.0", b'{"participant_ids": [' + value + b"]}"


@pytest.fixture
async def people(house: House) -> Cast:
    return await cast(house)


def test_the_corpus_is_large() -> None:
    assert min(len(VALUES), len(set(map(str, WORDS))), len(BODIES), len(HEADERS)) >= 60


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.id)
async def test_no_body_is_too_strange(people: Cast, operation: Operation) -> None:
    client, address = people.owner.client, operation.address(**people.ids)

    for place, body in bodies(operation):
        answer = await client.request(operation.method, address, content=body, headers=JSON)
        judge(answer, (place, body[:200]))
    assert (await client.get("/users/me")).status_code == 200


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.parameters("query")],
    ids=lambda operation: operation.id,
)
async def test_no_query_is_too_strange(people: Cast, operation: Operation) -> None:
    client, address = people.owner.client, operation.address(**people.ids)
    others = "".join(f"&{name}={value}" for name, value in operation.example_query.items())

    for parameter in operation.parameters("query"):
        name = parameter["name"]
        rest = "" if name in operation.example_query else others
        for word in WORDS:
            sent = word.decode() if isinstance(word, bytes) else quote(word, safe="")
            for query in (f"{name}={sent}{rest}", f"{name}={sent}&{name}={sent}{rest}", f"{sent}"):
                judge(await client.request(operation.method, f"{address}?{query}"), query[:200])


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if "{" in operation.path],
    ids=lambda operation: operation.id,
)
async def test_no_address_is_too_strange(people: Cast, operation: Operation) -> None:
    # Those with dots alone are resolved by the client.
    for word in (word for word in WORDS if word not in ("", ".", "..", "../..", b"%2e%2e")):
        sent = word.decode() if isinstance(word, bytes) else quote(word, safe="")
        address = operation.address(**dict.fromkeys(people.ids, sent))
        answer = await people.owner.client.request(
            operation.method, address, json=operation.example
        )
        judge(answer, address[:200])
        assert answer.status_code in (404, 405), address[:200]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_no_header_is_too_strange(people: Cast, operation: Operation, house: House) -> None:
    address = operation.address(**people.ids)

    for name, value in HEADERS:
        headers = {b"cookie": people.owner.cookie.encode()} | {name.encode(): value}
        judge(
            await house.client().request(
                operation.method,
                address,
                params=operation.example_query,
                content=None if operation.example is None else text_of(operation.example),
                headers={b"content-type": b"application/json"} | headers,
            ),
            (name, value[:200]),
        )


async def test_no_path_is_too_strange(people: Cast) -> None:
    for path in (
        *(
            "/" + "x" * 20_000,
            "/x" + "/" * 1_000,
            "/%00",
            "/%2e%2e/%2e%2e/etc/passwd",
        ),
        *(
            "/users/me%00",
            "/users/me;x=y",
            "/%ff%fe",
            "/.env",
        ),
        *("/conversations/" + "9" * 5_000, "/docs/%2e%2e%2f%2e%2e%2fpyproject.toml", f"/{MARKER}"),
        *(
            "/docs/..%5c..%5cmain.py",
            "/docs/%00",
            "/openapi.json/",
            "/cable/1",
        ),
    ):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            answer = await people.owner.client.request(method, path)
            assert answer.status_code in (404, 405), path[:200]
            if method != "HEAD":
                judge(answer, path[:200])
