"""Messages over HTTP."""

from fastapi import APIRouter

from app.messages.router import messages, reactions

router = APIRouter(tags=["messages"])
for room in (messages, reactions):
    router.include_router(room.router)
