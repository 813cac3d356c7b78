"""What every request passes, outermost first. Pure ASGI: BaseHTTPMiddleware breaks cancellation."""

from app.kit.middleware.answer_headers import AnswerHeaders
from app.kit.middleware.body_limit import BodyLimit
from app.kit.middleware.cross_site import CrossSite
from app.kit.middleware.forwarded import Forwarded
from app.kit.middleware.unexpected import Unexpected

__all__ = ["AnswerHeaders", "BodyLimit", "CrossSite", "Forwarded", "Unexpected"]
