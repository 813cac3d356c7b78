"""Signing in and out, giving out logins and ending them."""

from app.auth.actions.audit import record
from app.auth.actions.desk import Entrance, FrontDesk, TokenWish
from app.auth.actions.guessing import count_guess, forget_guesses
from app.auth.actions.logins import end_logins, end_other_logins
from app.auth.actions.proof import proven
from app.auth.actions.reception import Reception
from app.auth.actions.signing import WrongCredentials, sign_in, sign_out

__all__ = [
    "Entrance",
    "FrontDesk",
    "Reception",
    "TokenWish",
    "WrongCredentials",
    "count_guess",
    "end_logins",
    "end_other_logins",
    "forget_guesses",
    "proven",
    "record",
    "sign_in",
    "sign_out",
]
