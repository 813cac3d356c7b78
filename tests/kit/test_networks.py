"""Whom a limit by address counts."""

import pytest

from app.kit.networks import key_of


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_of_ipv4_counts_alone_and_one_of_ipv6_with_its_network(
    address: str, key: str
) -> None:
    assert key_of(address) == key


@pytest.mark.parametrize("nothing", [None, "", "unknown", "1.2.3", "::g", "\udc80", "9" * 9])
def test_what_is_no_address_counts_as_one(nothing: str | None) -> None:
    assert key_of(nothing) == "unknown"
