"""What is older than a place in the history, and what is newer."""

from sqlalchemy import ColumnElement

from app.kit.paging import Cursor
from app.models import Message


def newer_than(cursor: Cursor) -> ColumnElement[bool]:
    return (Message.seq if isinstance(cursor.at, int) else Message.created_at) > cursor.at


def older_than(cursor: Cursor) -> ColumnElement[bool]:
    return (Message.seq if isinstance(cursor.at, int) else Message.created_at) < cursor.at
