"""`chatflow serve` behind proxies: whose word is taken for where somebody is."""

from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from tests.cli.running import Server, place_for_data, serve

# A machine has all of 127.0.0.0/8, so one of its addresses can be a proxy, and another a stranger.
PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
ALICE, BOB = "203.0.113.5", "203.0.113.6"
GUESSES = 3

names = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    settings = {
        "CHATFLOW_TRUSTED_PROXIES": f"{PROXY}, 10.0.0.0/8",
        "CHATFLOW_SIGN_IN_RATE": f"{GUESSES}/minute",
    }
    with place_for_data() as place, serve(place, **settings).wait_until_ready() as server:
        yield server


def client(server: Server, peer: str, forwarded_for: str = "", proto: str = "") -> httpx.Client:
    """Somebody at an address of this machine who says for whom they ask."""
    asking = httpx.Client(
        base_url=f"http://127.0.0.1:{server.port}",
        transport=httpx.HTTPTransport(local_address=peer),
    )
    said = {"X-Forwarded-For": forwarded_for, "X-Forwarded-Proto": proto}
    asking.headers = httpx.Headers(
        {name: value for name, value in said.items() if value}, "latin-1"
    )
    return asking


def address_of(asking: httpx.Client) -> str:
    """Where the server takes them to be."""
    account = {"email": f"{next(names)}@example.com", "password": "correct horse battery"}
    with asking:
        signed_up = asking.post("/users", json={"user": account})
        assert signed_up.status_code == 201, signed_up.text
        (login,) = asking.get("/users/logins").json()
        return str(login["address"])


def guess(asking: httpx.Client, email: str) -> int:
    with asking:
        who = {"email": email, "password": "a guess"}
        return asking.post("/users/sign_in", json={"user": who}).status_code


def test_a_proxy_is_believed_and_a_stranger_is_not(server: Server) -> None:
    assert address_of(client(server, PROXY, ALICE)) == ALICE
    assert address_of(client(server, STRANGER, ALICE)) == STRANGER
    assert address_of(client(server, PROXY)) == PROXY


def test_what_a_client_made_up_before_the_proxy_s_word_does_not_count(server: Server) -> None:
    assert address_of(client(server, PROXY, f"1.1.1.1, {ALICE}")) == ALICE
    assert address_of(client(server, PROXY, f"10.1.1.1, {ALICE}, 10.0.0.2")) == ALICE


def test_made_up_addresses_do_not_get_a_stranger_more_guesses(server: Server) -> None:
    guesses = [
        guess(client(server, STRANGER, f"198.51.100.{number}"), "eve@example.com")
        for number in range(GUESSES + 1)
    ]

    assert guesses == [401] * GUESSES + [429]


def test_made_up_addresses_do_not_get_a_client_of_a_proxy_more_guesses(server: Server) -> None:
    guesses = [
        guess(client(server, PROXY, f"198.51.100.{number}, {ALICE}"), "mallory@example.com")
        for number in range(GUESSES + 1)
    ]

    assert guesses == [401] * GUESSES + [429]
    assert guess(client(server, PROXY, f"{ALICE}, {BOB}"), "mallory@example.com") == 401


def test_a_network_of_ipv6_has_as_many_guesses_as_one_address(server: Server) -> None:
    guesses = [
        guess(client(server, PROXY, f"2001:db8::{number}:1"), "trent@example.com")
        for number in range(1, GUESSES + 2)
    ]

    assert guesses == [401] * GUESSES + [429]
    assert guess(client(server, PROXY, "2001:db8:0:1::1"), "trent@example.com") == 401


def test_only_a_proxy_says_that_the_line_is_safe(server: Server) -> None:
    for peer, is_safe in ((PROXY, True), (STRANGER, False)):
        with client(server, peer, proto="https") as asking:
            assert ("strict-transport-security" in asking.get("/up").headers) is is_safe


@pytest.mark.parametrize("peer", [PROXY, STRANGER])
@pytest.mark.parametrize(
    "hostile",
    [",", "[", "[]:", "\xff\xfe", "a" * 9_000, "1.2.3.4:" + "9" * 9_000, "1," * 9_000],
)
def test_what_means_nothing_breaks_nothing(server: Server, peer: str, hostile: str) -> None:
    with client(server, peer, hostile, "https, javascript:") as asking:
        assert asking.get("/up").status_code == 200
    assert address_of(client(server, peer, hostile)) in (peer, "1.2.3.4")
