"""Attachments over HTTP: sent once, and read by whoever reads the message."""

from fastapi import APIRouter

from app.attachments.router import reading, sending
from app.attachments.router.sending import UPLOAD_PATH

__all__ = ["UPLOAD_PATH", "router"]

router = APIRouter(tags=["attachments"])
router.include_router(sending.router)
router.include_router(reading.router)
