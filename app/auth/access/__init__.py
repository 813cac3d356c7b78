"""Every door in the house: who you are, and what you may open.

The load is the permission. Whoever holds a conversation got it here, through a membership.
"""

from app.auth.access.attachments import EnteredAttachment
from app.auth.access.device import NOWHERE, AskedFrom, Device
from app.auth.access.doors import (
    CurrentUser,
    EnteredConversation,
    EnteredHouse,
    JoinedConversation,
    MarkingMember,
    MaybeSignedIn,
    Myself,
    enter_by_socket,
    open_conversation,
)
from app.auth.access.identity import SESSION_COOKIE, ReadOnly, SignedIn, find_login
from app.auth.access.memory import Memory
from app.auth.access.pace import count_mark, count_write
from app.auth.access.seal import Seal, digest
from app.auth.access.standing import AdminsOnly, DirectConversation, find_role, role_in_group
from app.auth.access.turnstile import ReadConversation, Reader, Turnstile

__all__ = [
    "NOWHERE",
    "SESSION_COOKIE",
    "AdminsOnly",
    "AskedFrom",
    "CurrentUser",
    "Device",
    "DirectConversation",
    "EnteredAttachment",
    "EnteredConversation",
    "EnteredHouse",
    "JoinedConversation",
    "MarkingMember",
    "MaybeSignedIn",
    "Memory",
    "Myself",
    "ReadConversation",
    "ReadOnly",
    "Reader",
    "Seal",
    "SignedIn",
    "Turnstile",
    "count_mark",
    "count_write",
    "digest",
    "enter_by_socket",
    "find_login",
    "find_role",
    "open_conversation",
    "role_in_group",
]
