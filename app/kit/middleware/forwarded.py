"""Who asks, when proxies stand between us: the last address that one of them vouches for.

uvicorn can do this, but it believes the first word of `X-Forwarded-For` when everybody is trusted,
takes what is no address for one, and does not know a trusted one in the clothes of IPv6.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.addresses import read_address
from app.kit.settings import UNIX_SOCKET

_SCHEMES = {
    "http": {"http": "http", "https": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}


class Forwarded:
    def __init__(self, app: ASGIApp, trusted: Collection[str]) -> None:
        """`trusted` are addresses, networks, and the word for whoever comes by a Unix socket."""
        self.app = app
        self._trusts_unix_socket = UNIX_SOCKET in trusted
        self._trusted = [ip_network(word, strict=False) for word in trusted if word != UNIX_SOCKET]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in _SCHEMES and self._is_from_proxy(scope):
            scope.update(self._as_seen_by_proxies(scope))
        await self.app(scope, receive, send)

    def _is_from_proxy(self, scope: Scope) -> bool:
        if scope["client"] is None:
            return self._trusts_unix_socket
        address = read_address(scope["client"][0])
        return address is not None and self._trusts(address)

    def _as_seen_by_proxies(self, scope: Scope) -> dict[str, Any]:
        headers = Headers(scope=scope)
        client = self._client(",".join(headers.getlist("x-forwarded-for")).split(","))
        schemes = headers.getlist("x-forwarded-proto") or [""]
        scheme = _SCHEMES[scope["type"]].get(schemes[-1].strip().lower())
        return {
            "client": (str(client), 0) if client else scope["client"],
            "scheme": scheme or scope["scheme"],
        }

    def _client(self, hops: list[str]) -> IPv4Address | IPv6Address | None:
        """Each proxy adds at the end whom it was asked by, so we read from there.

        What stands before one whom we do not trust, or cannot read, anybody may have made up.
        """
        client = None
        for hop in reversed(hops):
            address = _read_hop(hop.strip())
            if address is None:
                break
            client = address
            if not self._trusts(client):
                break
        return client

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _read_hop(text: str) -> IPv4Address | IPv6Address | None:
    """With or without a port: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return read_address(text)
