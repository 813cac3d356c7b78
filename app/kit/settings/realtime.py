"""How clients are kept up to date."""

from pydantic import BaseModel, Field

from app.kit.settings.values import Rate


class RealtimeSettings(BaseModel, frozen=True):
    """Sockets, streams, and those of Action Cable."""

    # How far people have read is written together, in each worker. With more of them waiting than
    # a large office has open, Postgres is in trouble.
    marks_pause_seconds: float = Field(1, ge=0)
    marks_waiting_max: int = Field(10_000, ge=1)

    # Messages that come at once are written together, in each worker: so many are half a second's.
    posts_waiting_max: int = Field(2_000, ge=1)

    # Live delivery.
    event_retention_days: int = 30
    heartbeat_seconds: float = 25
    stream_comment_seconds: float = 15
    outbox_max_bytes: int = 1024 * 1024
    frame_max_bytes: int = 128 * 1024
    socket_messages_max: int = 60
    socket_messages_seconds: float = 10
    socket_mistakes_max: int = 10
    socket_control_frames_max: int = 20  # In as many seconds as the messages.
    socket_fragments_max: int = 64
    # In each worker. An address may be that of a whole office.
    connections_per_user_max: int = 20
    connections_per_address_max: int = 1000
    drain_seconds: float = 3

    # Action Cable. Its clients take a connection for dead after two pings that did not come.
    cable_ping_seconds: float = 3
    cable_session_seconds: float = 300
    cable_hold_seconds: float = 3
    cable_subscriptions_max: int = 1000
    whisper_max_bytes: int = 4096
    whisper_rate: Rate = "10/second"

    # Presence. Of whoever is here it is said three times in the time after which they are missed.
    # Who leaves properly is missed after the grace: it outlasts a reload, and the return of those
    # whom a server that restarts has sent away.
    presence_lasts_seconds: float = 15
    presence_again_seconds: float = 5
    presence_grace_seconds: float = 5
    presence_round_seconds: float = 0.5
