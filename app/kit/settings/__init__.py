"""Every knob."""

from app.kit.settings.server import DEVELOPMENT_KEY
from app.kit.settings.settings import SECRET_KEY_MIN_CHARACTERS, Settings
from app.kit.settings.values import UNIX_SOCKET

__all__ = ["DEVELOPMENT_KEY", "SECRET_KEY_MIN_CHARACTERS", "UNIX_SOCKET", "Settings"]
