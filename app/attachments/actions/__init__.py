"""Uploading files, making images ready, and removing what is wanted no longer."""

from app.attachments.actions.erasing import erase, remove_of_message, remove_unattached, sweep
from app.attachments.actions.opening import AttachmentProcessing, File, open_file, open_thumbnail
from app.attachments.actions.processing import process
from app.attachments.actions.uploading import (
    QuotaExceeded,
    TooManyUploads,
    Upload,
    UploadTooSlow,
    upload,
)

__all__ = [
    "AttachmentProcessing",
    "File",
    "QuotaExceeded",
    "TooManyUploads",
    "Upload",
    "UploadTooSlow",
    "erase",
    "open_file",
    "open_thumbnail",
    "process",
    "remove_of_message",
    "remove_unattached",
    "sweep",
    "upload",
]
