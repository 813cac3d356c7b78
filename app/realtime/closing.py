"""Every way to say goodbye: a code, a reason, and whether to come back.

| code | reason               | come back? | when                                                 |
|------|----------------------|------------|------------------------------------------------------|
| 1003 | text_only            | no         | a binary frame                                       |
| 1009 | too_large            | no         | a message over the limit, or in many fragments       |
| 1012 | restart              | yes        | the server leaves; `retry_after_ms` spreads returns  |
| 4400 | malformed            | no         | commands that cannot be read, again and again        |
| 4401 | unauthenticated      | no         | not signed in, or not any more: sign in first        |
| 4403 | access_taken         | no         | no longer in the conversation                        |
| 4404 | not_found            | no         | no such conversation, or not yours                   |
| 4408 | too_slow             | yes        | the outbox is full; resume by the cursor             |
| 4429 | too_many             | yes        | too many commands or pings; slow down                |
| 4429 | too_many_connections | yes        | close some of the others first                       |
| 4503 | unavailable          | yes        | a server that we lean on is away                     |

The protocol's library says 1009 too, in words of its own. An error of ours closes with
`4000 + status` and its code.
"""

import random
from dataclasses import dataclass

from app.kit.errors import ChatFlowError


@dataclass(frozen=True, slots=True)
class Farewell:
    code: int
    reason: str
    come_back: bool


TEXT_ONLY = Farewell(1003, "text_only", come_back=False)
TOO_LARGE = Farewell(1009, "too_large", come_back=False)
MALFORMED = Farewell(4400, "malformed", come_back=False)
UNAUTHENTICATED = Farewell(4401, "unauthenticated", come_back=False)
ACCESS_TAKEN = Farewell(4403, "access_taken", come_back=False)
TOO_SLOW = Farewell(4408, "too_slow", come_back=True)
TOO_MANY = Farewell(4429, "too_many", come_back=True)

_WORTH_ANOTHER_TRY = (408, 429, 500, 503)


def for_error(error: ChatFlowError) -> Farewell:
    return Farewell(4000 + error.status, error.code, error.status in _WORTH_ANOTHER_TRY)


def restart(spread_seconds: float) -> Farewell:
    """Each client is told another moment, so that they do not all return at once."""
    wait = random.randint(0, round(spread_seconds * 1000))  # noqa: S311  Not a secret.
    return Farewell(1012, f"restart retry_after_ms={wait}", come_back=True)
