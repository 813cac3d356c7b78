"""The event log's tables. `kit/log` reads and writes them."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base
from app.models.columns import Moment, Now


class Stream(Base):
    """How far a topic has come. Its row is locked by whoever appends."""

    __tablename__ = "streams"

    topic: Mapped[str] = mapped_column(primary_key=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_at: Mapped[Now]


class LoggedEvent(Base):
    """`data` is JSON text: encoded once, stored and sent verbatim."""

    __tablename__ = "events"

    topic: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[Moment]
    name: Mapped[str]
    data: Mapped[str]

    # The log grows at its end only, so a block range index finds what is old at almost no cost.
    __table_args__ = (Index("ix_events_at", "at", postgresql_using="brin"),)


class Epoch(Base):
    """One row: the incarnation of these data. It is renewed after a backup has been restored."""

    __tablename__ = "epoch"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    name: Mapped[str]

    __table_args__ = (CheckConstraint("single", name="one_row"),)
