"""One client of Action Cable: `disconnect` comes before the close, and binary is passed over.

| farewell                        | reason          | reconnect | close |
|---------------------------------|-----------------|-----------|-------|
| not signed in, at the door      | unauthorized    | no        | 1000  |
| the login or a membership ended | remote          | yes       | 1000  |
| the server leaves               | server_restart  | yes       | 1001  |
| mistakes, again and again       | invalid_request | no        | 1000  |
| a stream cannot be gone on with | resync_required | yes       | 1000  |
| any other                       | its own         | as there  | 1000  |

Whoever lost access may come back: the door, or the subscription, then refuses them. (A client
takes no notice of a rejection of what was confirmed before.)
"""

from app.realtime import closing
from app.realtime.action_cable import frames
from app.realtime.closing import Farewell
from app.realtime.connection import Connection

UNAUTHORIZED = Farewell(1000, "unauthorized", come_back=False)
RESYNC = Farewell(1000, "resync_required", come_back=True)

_RESTART_CODE = 1012
_GOING_AWAY = 1001
_DONE = 1000


class CableConnection(Connection):
    def end(self, farewell: Farewell) -> None:
        """A frame without `reconnect` would stop the client of Rails for ever."""
        last = _translate(farewell)
        self.send(frames.control("disconnect", reason=last.reason, reconnect=last.come_back))
        super().end(last)

    def hear_binary(self) -> None:
        """Passed over."""

    def refund(self) -> None:
        """The last message was free: who comes back asks for all they had at once, and another
        limit bounds how much that is.
        """
        self._budget.refund()


def _translate(farewell: Farewell) -> Farewell:
    if farewell.code == _RESTART_CODE:
        return Farewell(_GOING_AWAY, "server_restart", come_back=True)
    if farewell is closing.MALFORMED:
        return Farewell(_DONE, "invalid_request", come_back=False)
    if farewell in (closing.UNAUTHENTICATED, closing.ACCESS_TAKEN):
        return Farewell(_DONE, "remote", come_back=True)
    return Farewell(_DONE, farewell.reason, farewell.come_back)
