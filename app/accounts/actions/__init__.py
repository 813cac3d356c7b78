"""Making accounts, changing and closing them, and what is mailed about them."""

from app.accounts.actions.changing import change
from app.accounts.actions.closing import close
from app.accounts.actions.confirming import ask_again, confirm
from app.accounts.actions.mailed_tokens import forget_expired
from app.accounts.actions.passwords import ask, reset
from app.accounts.actions.registering import sign_up
from app.accounts.actions.taken import flush_unless_taken
from app.accounts.actions.unconfirmed import forget_unconfirmed
from app.accounts.actions.unlocking import ask_to_unlock, unlock

__all__ = [
    "ask",
    "ask_again",
    "ask_to_unlock",
    "change",
    "close",
    "confirm",
    "flush_unless_taken",
    "forget_expired",
    "forget_unconfirmed",
    "reset",
    "sign_up",
    "unlock",
]
