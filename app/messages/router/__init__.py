"""Messages over HTTP."""

from fastapi import APIRouter

from app.messages.router import messages, pins, reactions

router = APIRouter(tags=["messages"])
for room in (messages, reactions, pins):
    router.include_router(room.router)
