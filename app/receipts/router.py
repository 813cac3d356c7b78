"""How far people are in a conversation, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth.access import JoinedConversation, MarkingMember
from app.kit import log
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.openapi import errors
from app.messages.events import topic_of
from app.receipts import queries
from app.receipts.ledger import Ledger
from app.receipts.marks import Mark
from app.receipts.schemas import MarkDraft, MarkedOut, ReceiptsOut

router = APIRouter(prefix="/conversations/{conversation_id:id}", tags=["receipts"])


async def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.state.ledger
    return ledger


TheLedger = Annotated[Ledger, Depends(_ledger)]


@router.get(
    "/receipts",
    response_model=ReceiptsOut,
    responses=errors(401, 404, 503),
    summary="Who has got and read the conversation how far",
)
async def list_receipts(conversation: JoinedConversation, session: Session) -> Response:
    position = await log.position(session, topic_of(conversation.id))
    receipts = await queries.list_receipts(session, conversation.id)
    return JSONResponse({"seq": position.seq, "receipts": receipts})


@router.put(
    "/read",
    response_model=MarkedOut,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="I have read up to here. It never goes back",
)
async def mark_read(me: MarkingMember, mark: MarkDraft, ledger: TheLedger) -> Response:
    return JSONResponse(await ledger.write(me, Mark.read(mark.seq)))


@router.put(
    "/unread",
    response_model=MarkedOut,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="What is here and behind is to be unread to me",
)
async def mark_unread(me: MarkingMember, mark: MarkDraft, ledger: TheLedger) -> Response:
    return JSONResponse(await ledger.write(me, Mark.unread(mark.seq)))


@router.put(
    "/delivered",
    response_model=MarkedOut,
    responses=errors(401, 403, 404, 413, 415, 422, 429, 503),
    summary="My device has got everything up to here",
)
async def mark_delivered(me: MarkingMember, mark: MarkDraft, ledger: TheLedger) -> Response:
    return JSONResponse(await ledger.write(me, Mark.received(mark.seq)))
