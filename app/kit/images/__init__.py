"""Images, made harmless and small, in processes of their own."""

from app.kit.images.darkroom import Darkroom, Picture, Undevelopable, read

__all__ = ["Darkroom", "Picture", "Undevelopable", "read"]
