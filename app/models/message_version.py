"""What a message said before it was edited."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Moment


class MessageVersion(Base):
    """`created_at` is when it was written. `seq` is that of the event by which it was replaced."""

    __tablename__ = "message_versions"

    message_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[str]
    created_at: Mapped[Moment]
