"""People come and go, and their roles change.

Each of these holds the log of the conversation while it decides. So of two at once the second sees
what the first has done, and nothing is posted in between.
"""

from app.members.actions.coming import Added, GroupFull, add, join
from app.members.actions.going import Outranked, pass_on, remove
from app.members.actions.roles import AccountClosed, HandOverFirst, change_role
from app.members.actions.showing import have_told, show_anew

__all__ = [
    "AccountClosed",
    "Added",
    "GroupFull",
    "HandOverFirst",
    "Outranked",
    "add",
    "change_role",
    "have_told",
    "join",
    "pass_on",
    "remove",
    "show_anew",
]
