"""What may be asked for in the address of a search."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from app.kit.errors import Invalid
from app.kit.ids import read_id
from app.kit.keyset import Key, read_key
from app.kit.paging import Cursor, read_cursor, read_limit
from app.kit.text import Text, is_blank, one_line, refuse
from app.search.matching import Search, Term
from app.search.schemas import QUERY_MAX_CHARACTERS, Sort

LIMIT_DEFAULT = 20
# Each is looked through for what to highlight: at worst a millisecond for each.
LIMIT_MAX = 50


def _words(text: str) -> str:
    if is_blank(text):
        refuse("blank", "can't be blank")
    if len(text) > QUERY_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {QUERY_MAX_CHARACTERS} characters)")
    return one_line(text)


_QUERY = Query(
    description="1 to 200 characters. Each word must be there, in any order, whole or as"
    " part of another; accents and capitals make no difference",
    examples=["hello"],
)
_OLDER = Query(description="Only what is older: an ISO 8601 time; a `seq` with `conversation_id`")
_NEWER = Query(description="Only what is newer: an ISO 8601 time; a `seq` with `conversation_id`")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """As it was sent."""

    query: Annotated[Text, AfterValidator(_words), _QUERY]
    conversation_id: Annotated[str | None, Query(description="Only in this one")] = None
    author_id: Annotated[str | None, Query(description="Only what they wrote")] = None
    before: Annotated[str | None, _OLDER] = None
    after: Annotated[str | None, _NEWER] = None
    has_attachment: Annotated[
        bool | None, Query(description="Only with attachments, or only without")
    ] = None
    sort: Sort = Sort.NEWEST
    cursor: str | None = None
    limit: Annotated[str | None, Query(description="1 to 50, by default 20")] = None

    def place(self) -> tuple[Key | None, int]:
        """Where the page begins, and how long it is. Raises: Invalid"""
        return read_key(self.cursor), read_limit(self.limit, LIMIT_DEFAULT, LIMIT_MAX)

    def search(self, user_id: int, terms: Sequence[Term]) -> Search:
        """Raises: Invalid"""
        conversation_id = _id("conversation_id", self.conversation_id)
        with_seq = conversation_id is not None
        return Search(
            user_id=user_id,
            terms=terms,
            conversation_id=conversation_id,
            author_id=_id("author_id", self.author_id),
            before=_bound("before", self.before, with_seq=with_seq),
            after=_bound("after", self.after, with_seq=with_seq),
            has_attachment=self.has_attachment,
            sort=self.sort,
        )

    def repeated(self, limit: int) -> dict[str, object]:
        """What a link repeats: all but the place."""
        asked = asdict(self) | {"cursor": None, "limit": limit}
        if self.has_attachment is not None:
            asked["has_attachment"] = str(self.has_attachment).lower()
        return {name: value for name, value in asked.items() if value}


def _id(name: str, text: str | None) -> int | None:
    if not text:
        return None
    id = read_id(text)
    if id is None:
        raise Invalid.field(name, "invalid", "is invalid")
    return id


def _bound(name: str, text: str | None, *, with_seq: bool) -> Cursor | None:
    cursor = read_cursor(name, text)
    if cursor is not None and isinstance(cursor.at, int) and not with_seq:
        raise Invalid.field(name, "invalid", "must be a time, without a conversation_id")
    return cursor
