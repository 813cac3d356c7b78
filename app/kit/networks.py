"""Where clients are: their addresses, which may be anything, and whom a limit by address counts."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection

UNKNOWN = "unknown"
# What a household or a rented machine is given. A limit by the whole address would be none: there
# are 2^64 of them to try from.
_NETWORK_BITS = 64


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Without a zone, which may be any text. An IPv4 address in the clothes of IPv6 is one of IPv4.

    Source: RFC 4291, section 2.5.5.2
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def key_of(text: str | None) -> str:
    """Whom a limit by address counts: one address of IPv4, a network of IPv6."""
    address = read_address(text or "")
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    host_bits = address.max_prefixlen - _NETWORK_BITS
    return f"{IPv6Address(int(address) >> host_bits << host_bits)}/{_NETWORK_BITS}"


def key_of_client(connection: HTTPConnection) -> str:
    return key_of(connection.client.host if connection.client else None)
