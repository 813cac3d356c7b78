"""A conversation and its people, as others are shown them."""

from datetime import datetime
from typing import NamedTuple

from app.auth.queries import show_user
from app.conversations.schemas import ConversationOut, MemberOut
from app.kit.clock import iso
from app.kit.db import AnyRow
from app.models import Conversation, Participant, User


class ConversationRow(NamedTuple):
    id: int
    title: str | None
    picture_url: str | None
    group: bool
    created_at: datetime
    updated_at: datetime


def show_conversation(conversation: Conversation | ConversationRow) -> ConversationOut:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "picture_url": conversation.picture_url,
        "group": conversation.group,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(conversation.updated_at),
    }


# What `show_member` takes.
MEMBER_COLUMNS = (
    User.id,
    User.email,
    User.username,
    User.name,
    User.avatar_url,
    Participant.role,
    Participant.created_at.label("joined_at"),
)


def show_member(row: AnyRow, *, with_email: bool = False) -> MemberOut:
    """Others hear of somebody without their e-mail."""
    return {
        **show_user(row, with_email=with_email),
        "role": row.role,
        "joined_at": iso(row.joined_at),
    }
