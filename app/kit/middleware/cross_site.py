"""No other web site may act with somebody's session cookie.

The command line is welcome: it sends neither `Origin` nor `Sec-Fetch-Site`. A bearer token is
never sent by a browser on its own, so it needs no such check.
"""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.errors import Forbidden
from app.kit.http import bearer_token, error_response
from app.kit.origins import Origins

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class CrossSiteRequest(Forbidden):
    code = "cross_site"
    message = "Requests from other sites are refused"


class CrossSite:
    def __init__(
        self, app: ASGIApp, origins: Origins, cookie: str, sign_in_paths: Collection[str]
    ) -> None:
        """`sign_in_paths` set the cookie: another site may not sign somebody in as someone else."""
        self.app = app
        self.origins = origins
        self.cookie = cookie
        self.sign_in_paths = sign_in_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_guarded(scope) and self.origins.is_cross_site(scope):
            refusal = error_response(CrossSiteRequest(), scope["state"]["request_id"])
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_guarded(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS:
            return False
        if scope["path"] in self.sign_in_paths:
            return True
        headers = Headers(scope=scope)
        has_cookie = any(
            pair.partition("=")[0].strip() == self.cookie
            for value in headers.getlist("cookie")
            for pair in value.split(";")
        )
        return has_cookie and bearer_token(headers) is None
