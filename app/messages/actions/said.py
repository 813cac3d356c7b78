"""What somebody says somewhere, before it is a message."""

from collections.abc import Hashable
from dataclasses import dataclass

from app.messages.events import topic_of
from app.messages.naming import names_in
from app.messages.schemas import MessageDraft


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    conversation_id: int
    author_id: int
    draft: MessageDraft

    @property
    def topic(self) -> str:
        return topic_of(self.conversation_id)

    @property
    def key(self) -> Hashable:
        """The same again is the same message. Without a key of their own, all differ."""
        if self.draft.client_id is None:
            return self
        return self.conversation_id, self.author_id, self.draft.client_id

    @property
    def is_plain(self) -> bool:
        """It concerns no row but those of its conversation and its author. Most are."""
        draft = self.draft
        return draft.reply_to is None and not draft.attachment_ids and not names_in(draft.body)
