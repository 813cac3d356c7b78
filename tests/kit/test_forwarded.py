"""Who asks, when proxies stand between us."""

from typing import Any

import pytest
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from app.kit.middleware import Forwarded
from app.kit.settings import Settings
from tests.houses import changed

TRUSTED = ("10.0.0.0/8", "192.0.2.7", "fd00::/8")
PROXY, STRANGER, ALICE = "10.0.0.1", "198.51.100.9", "203.0.113.5"


async def seen(
    peer: str | None,
    *hops: str,
    proto: str | None = None,
    kind: str = "http",
    trusted: tuple[str, ...] = TRUSTED,
) -> tuple[Any, str]:
    """The client's address and the scheme, as the application sees them."""
    scopes: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def nothing(*_: Any) -> Any: ...

    headers = [(b"x-forwarded-for", hop.encode("latin1")) for hop in hops]
    headers += [(b"x-forwarded-proto", proto.encode("latin1"))] if proto is not None else []
    client = (peer, 1234) if peer is not None else None
    scheme = {"http": "http", "websocket": "ws"}[kind]
    asked = {"type": kind, "client": client, "scheme": scheme, "headers": headers}
    await Forwarded(application, trusted)(asked, nothing, nothing)
    ((client, scheme),) = [(scope["client"], scope["scheme"]) for scope in scopes]
    return client and client[0], scheme


async def test_a_trusted_proxy_names_the_client() -> None:
    assert await seen(PROXY, ALICE) == (ALICE, "http")
    assert await seen("192.0.2.7", ALICE, proto="https") == (ALICE, "https")
    assert await seen("fd00::1", ALICE, proto="https", kind="websocket") == (ALICE, "wss")


async def test_nobody_else_does() -> None:
    assert await seen(STRANGER, ALICE, proto="https") == (STRANGER, "http")
    assert await seen("192.0.2.8", ALICE, proto="https") == ("192.0.2.8", "http")
    assert await seen(None, ALICE, proto="https") == (None, "http")


async def test_whoever_comes_by_a_unix_socket_is_trusted_by_that_word() -> None:
    assert await seen(None, ALICE, proto="https", trusted=("unix",)) == (ALICE, "https")
    assert await seen(PROXY, ALICE, proto="https", trusted=("unix",)) == (PROXY, "http")


@pytest.mark.parametrize(
    "hops",
    [
        (f"1.1.1.1, {ALICE}",),
        (f"1.1.1.1,{ALICE},10.0.0.2,10.0.0.3",),
        ("1.1.1.1", ALICE, "10.0.0.2"),
        (f"10.9.9.9, {ALICE}",),
    ],
)
async def test_the_last_address_that_is_no_proxy_counts(hops: tuple[str, ...]) -> None:
    """Before it stands what the client has made up."""
    assert (await seen(PROXY, *hops))[0] == ALICE


async def test_a_client_inside_is_the_first_of_the_trusted() -> None:
    assert (await seen(PROXY, "10.1.1.1, 10.0.0.2"))[0] == "10.1.1.1"


async def test_a_proxy_is_known_in_the_clothes_of_ipv6() -> None:
    assert (await seen(f"::ffff:{PROXY}", ALICE))[0] == ALICE
    assert (await seen(f"::ffff:{STRANGER}", ALICE))[0] == f"::ffff:{STRANGER}"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{ALICE}:4321", ALICE),
        (f"{ALICE}:no number", ALICE),
        (f"::ffff:{ALICE}", ALICE),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4321", "2001:db8::1"),
        ("fe80::1%any text", "fe80::1"),
    ],
)
async def test_an_address_is_read_however_it_is_written(written: str, read: str) -> None:
    assert (await seen(PROXY, written))[0] == read


GARBAGE = ("", " ", ",", "unknown", "_hidden", "localhost", "[", "[]", "[:", ":", "%", "9" * 5_000)
ALMOST = ("1.2.3", "1.2.3.4.5", "256.1.1.1", '"1.2.3.4"', "1.2.3.4 5.6.7.8", "::g", "\xff\xfe")


@pytest.mark.parametrize("garbage", [*GARBAGE, *ALMOST])
async def test_what_cannot_be_read_leaves_whoever_vouched_last(garbage: str) -> None:
    assert (await seen(PROXY, garbage))[0] == PROXY
    assert (await seen(PROXY, f"{ALICE}, {garbage}"))[0] == PROXY
    assert (await seen(PROXY, f"{ALICE}, {garbage}, 10.0.0.2"))[0] == "10.0.0.2"
    assert (await seen(PROXY, f"{garbage}, {ALICE}"))[0] == ALICE


@pytest.mark.parametrize("garbage", ["", "ftp", "https, http", "javascript:", "\xff", "h" * 9_000])
async def test_a_scheme_that_is_none_changes_nothing(garbage: str) -> None:
    assert await seen(PROXY, ALICE, proto=garbage) == (ALICE, "http")


@pytest.mark.parametrize("word", ["*", "0.0.0.0/0", "::/0", "localhost", "10.0.0.0/33", "proxy"])
def test_not_all_the_world_is_a_proxy_nor_what_is_no_address(settings: Settings, word: str) -> None:
    with pytest.raises(ValidationError, match="must be addresses or networks"):
        changed(settings, trusted_proxies=word)

    spelled = changed(settings, trusted_proxies="10.0.0.1/8, ::1, unix")
    assert spelled.trusted_proxies == ("10.0.0.1/8", "::1", "unix")
