"""What the actions of accounts need of the house, besides a session."""

from typing import Protocol

from app.auth.actions.desk import FrontDesk
from app.kit.db import Database
from app.kit.limits import Limits
from app.kit.passwords import Passwords
from app.kit.settings import Settings
from app.kit.vault import Vault


class Reception(Protocol):
    """Passwords take their time, so these actions open units of work of their own around them."""

    database: Database
    front_desk: FrontDesk
    limits: Limits
    passwords: Passwords
    settings: Settings
    vault: Vault
