"""Which web pages may speak for the person whose cookie their browser sends along."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

_SAME_SITE = ("same-origin", "none")
_HTTP_SCHEME = {"ws": "http", "wss": "https"}


class Origins:
    """The request's own origin, and those that the operator has named."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def is_ours(self, origin: str, scope: Scope) -> bool:
        """`null`, the origin of sandboxed pages and local files, is not ours."""
        scheme = _HTTP_SCHEME.get(scope["scheme"], scope["scheme"])
        own = f"{scheme}://{Headers(scope=scope).get('host', '')}".lower()
        return origin.lower() in self._allowed | {own}

    def is_cross_site(self, scope: Scope) -> bool:
        """Does a browser say that another site is asking? The command line says nothing."""
        headers = Headers(scope=scope)
        if (origin := headers.get("origin")) is not None:
            return not self.is_ours(origin, scope)
        return headers.get("sec-fetch-site", "none") not in _SAME_SITE
