"""Who asks, when proxies stand between us: the last address that one of them vouches for.

uvicorn can do this, but it believes the first word of `X-Forwarded-For` when everybody is trusted,
takes what is no address for one, and does not know a trusted one in the clothes of IPv6.
"""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.networks import read_address
from app.kit.settings import UNIX_SOCKET

_SCHEMES = {
    "http": {"http": "http", "https": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}


# The same few proxies ask for the same clients again and again, and to read an address is slow.
_REMEMBERED_MAX = 512


class Forwarded:
    def __init__(self, app: ASGIApp, trusted: Collection[str]) -> None:
        """`trusted` are addresses, networks, and the word for whoever comes by a Unix socket."""
        self.app = app
        self._trusts_unix_socket = UNIX_SOCKET in trusted
        self._trusted = [ip_network(word, strict=False) for word in trusted if word != UNIX_SOCKET]
        self._is_proxy = lru_cache(_REMEMBERED_MAX)(self._find_out_whether_proxy)
        self._client = lru_cache(_REMEMBERED_MAX)(self._find_client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in _SCHEMES and self._is_proxy(scope["client"] and scope["client"][0]):
            self._believe(scope)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        client = self._client(",".join(_said(scope, b"x-forwarded-for")))
        if client is not None:
            scope["client"] = (client, 0)
        scheme = "".join(_said(scope, b"x-forwarded-proto")[-1:]).strip().lower()
        scope["scheme"] = _SCHEMES[scope["type"]].get(scheme, scope["scheme"])

    def _find_out_whether_proxy(self, peer: str | None) -> bool:
        if peer is None:
            return self._trusts_unix_socket
        address = read_address(peer)
        return address is not None and self._trusts(address)

    def _find_client(self, forwarded_for: str) -> str | None:
        """Each proxy adds at the end whom it was asked by, so we read from there.

        What stands before one whom we do not trust, or cannot read, anybody may have made up.
        """
        client = None
        for hop in reversed(forwarded_for.split(",")):
            address = _read_hop(hop.strip())
            if address is None:
                break
            client = address
            if not self._trusts(client):
                break
        return str(client) if client else None

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _said(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for each, value in scope["headers"] if each == name]


def _read_hop(text: str) -> IPv4Address | IPv6Address | None:
    """With or without a port: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return read_address(text)
