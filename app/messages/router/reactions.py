"""Reactions."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.auth.access import CurrentUser, JoinedConversation
from app.kit.db import Session
from app.kit.openapi import errors
from app.messages import actions as messages
from app.messages.router.messages import MessageId
from app.messages.schemas import Emoji

router = APIRouter(prefix="/conversations/{conversation_id:id}/messages/{message_id:id}/reactions")

PathEmoji = Annotated[Emoji, Path(description="One emoji, percent-encoded", examples=["👍"])]


@router.put(
    "/{emoji}",
    status_code=204,
    responses=errors(401, 403, 404, 409, 422, 429, 503),
    summary="React to a message",
)
async def add_reaction(
    conversation: JoinedConversation,
    user: CurrentUser,
    message_id: MessageId,
    emoji: PathEmoji,
    session: Session,
) -> None:
    await messages.react(session, conversation, user, message_id, emoji)


@router.delete(
    "/{emoji}",
    status_code=204,
    responses=errors(401, 403, 404, 422, 429, 503),
    summary="Take a reaction of mine back",
)
async def remove_reaction(
    conversation: JoinedConversation,
    user: CurrentUser,
    message_id: MessageId,
    emoji: PathEmoji,
    session: Session,
) -> None:
    await messages.take_back(session, conversation, user, message_id, emoji)
