"""Signing in and out, giving out logins and ending them."""

from app.auth.actions import factor, recovery
from app.auth.actions.audit import record, record_refusal
from app.auth.actions.desk import Entrance, FrontDesk, TokenWish
from app.auth.actions.guessing import count_guess, forget_guesses
from app.auth.actions.locking import lock_unchanged
from app.auth.actions.logins import end_logins, end_other_logins
from app.auth.actions.notify import Notice, tell
from app.auth.actions.proof import proven
from app.auth.actions.reception import Reception
from app.auth.actions.signing import WrongCredentials, sign_in, sign_out

__all__ = [
    "Entrance",
    "FrontDesk",
    "Notice",
    "Reception",
    "TokenWish",
    "WrongCredentials",
    "count_guess",
    "end_logins",
    "end_other_logins",
    "factor",
    "forget_guesses",
    "lock_unchanged",
    "proven",
    "record",
    "record_refusal",
    "recovery",
    "sign_in",
    "sign_out",
    "tell",
]
