"""Every knob, typed and frozen, with its unit in its name."""

from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit.settings.values import (
    MailAddress,
    MailServer,
    Proxies,
    Rate,
    Secrets,
    StorageUrl,
    WebAddress,
    Words,
)

SECRET_KEY_MIN_CHARACTERS = 32
# Everybody knows it. It signs cookies on a laptop, and production refuses it for being short.
DEVELOPMENT_KEY = "development only"


def _is_development(earlier: dict[str, Any]) -> bool:
    return earlier.get("environment") == "development"


def _laptop(earlier: dict[str, Any]) -> str:
    return "http://localhost:3000" if _is_development(earlier) else ""


def _nobody(earlier: dict[str, Any]) -> str:
    host = urlsplit(earlier.get("public_url", "")).hostname
    return f"ChatFlow <no-reply@{host or 'localhost'}>"


class Settings(BaseSettings):
    """Read once at start-up from the environment (`CHATFLOW_...`), and handed down from there."""

    model_config = SettingsConfigDict(
        env_prefix="CHATFLOW_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # It may be a secret, or next to one.
    )

    environment: Literal["development", "production"] = "development"

    # Servers. Without a Redis there is one process and a doorbell in its memory.
    database_url: SecretStr | None = Field(
        None, validation_alias=AliasChoices("DATABASE_URL", "CHATFLOW_DATABASE_URL")
    )
    redis_url: SecretStr | None = Field(
        None, validation_alias=AliasChoices("REDIS_URL", "CHATFLOW_REDIS_URL")
    )
    redis_prefix: str = "chatflow:"
    data_dir: Path | None = None
    log_file: Path | None = None

    # Secrets. The first key signs and encrypts, every key verifies and decrypts: put a new one in
    # front to rotate.
    secret_keys: Secrets = (SecretStr(DEVELOPMENT_KEY),)

    # Where browsers may come from, besides the address that they asked.
    allowed_origins: Words = ()
    # Whose `X-Forwarded-For` and `-Proto` are believed: addresses, networks, `unix` for a socket.
    trusted_proxies: Proxies = ()

    # Postgres. Workers x (pool + overflow) must stay below its max_connections (100 by default).
    # Who waits for a lock gives up sooner than who waits for a connection: so the many who write to
    # one conversation do not make everybody else give up with them.
    database_pool_size: int = 20
    database_pool_timeout_seconds: float = 5
    database_connect_timeout_seconds: float = 5
    database_statement_timeout_seconds: float = 10
    database_lock_timeout_seconds: float = 3
    database_silence_max_seconds: float = 12
    database_idle_in_transaction_timeout_seconds: float = 15

    # Background jobs run in the processes that serve, or in those of `chatflow worker`.
    jobs_inside: bool = Field(default_factory=_is_development)
    jobs_at_once: int = Field(4, ge=2)  # In each process.
    # The pause is tripled after each attempt, up to an hour: ten attempts take some three hours.
    job_attempts_max: int = Field(10, ge=1)
    job_pause_seconds: float = 5
    job_max_seconds: float = Field(60, gt=0)
    # After so long without a sign of life from whoever runs a job, another runs it again.
    job_silence_max_seconds: float = Field(20, gt=0)
    job_retention_days: int = Field(7, ge=0)  # Of those that failed for good, and of the record.

    # Mail. Without a server it lands in the data folder. Links in mails begin with `public_url`.
    smtp_url: MailServer | None = None
    smtp_timeout_seconds: float = Field(15, gt=0)
    public_url: WebAddress = Field(default_factory=_laptop)
    mail_from: MailAddress = Field(default_factory=_nobody)

    # What happened to an account, and is shown to its owner.
    activity_retention_days: int = Field(365, ge=1)

    # Logins and passwords. 12 is Devise's default cost, about 0.2 s of one CPU.
    login_idle_days: int = 14
    login_absolute_days: int = 30
    login_remembered_days: int = 30
    # Guesses by the score: 2 is a million, 3 a hundred million. That many are eight characters at
    # random, so 3 would refuse them; those that are in everybody's lists have 0 or 1.
    password_min_characters: int = 8
    password_min_score: int = Field(2, ge=0, le=4)
    password_bcrypt_rounds: int = 12
    password_threads: int = 2
    password_queue_max: int = 64

    # Links in mails, each good once. Who is not confirmed cannot sign in, and is then forgotten.
    confirmation_required: bool = False
    confirmation_lasts_hours: int = Field(72, ge=1)
    unconfirmed_lasts_days: int = Field(7, ge=1)
    reset_lasts_hours: int = Field(6, ge=1)
    unlock_lasts_hours: int = Field(24, ge=1)

    # The second factor. The issuer is what an authenticator shows beside the address.
    second_factor_issuer: str = "ChatFlow"

    # What a request may weigh and how often it may come.
    request_max_bytes: int = 1024 * 1024
    rate_limits: bool = True
    # Signing in: from one address, from one address into one account, and into one account.
    sign_in_address_rate: Rate = "100/minute"
    sign_in_rate: Rate = "10/minute"
    sign_in_account_rate: Rate = "20/hour"
    proof_rate: Rate = "10/minute"
    # Codes of six digits that one account may try. Three are good at any time: whoever knows the
    # password and never stops guesses one in two years, and its owner sees it in their activity.
    authenticator_rate: Rate = "20/hour"
    # No person writes ten times a second for a minute, and no bot is read. In each worker.
    write_rate: Rate = "600/minute"
    registration_rate: Rate = "300/hour"
    username_change_rate: Rate = "5/day"
    # Mails that anybody may ask for: of each kind, from one address, and to one account.
    mail_rate_address: Rate = "30/hour"
    mail_rate_account: Rate = "5/hour"
    typing_rate: Rate = "1/3 seconds"
    # Five times a second, as somebody types. A search takes a connection to Postgres for as long as
    # it takes, so that it may not take long.
    search_rate: Rate = "300/minute"
    search_max_seconds: float = Field(2, gt=0)

    # Attachments: in the data folder, or `file:///folder`, or `s3://bucket/prefix` at any service.
    storage_url: StorageUrl = ""
    storage_endpoint: str = ""
    storage_region: str = "us-east-1"
    storage_access_key: SecretStr | None = None
    storage_secret_key: SecretStr | None = None
    # With S3: clients are sent there by an address that is good for so long. 0: they are not.
    storage_redirect_seconds: int = Field(0, ge=0, le=3600)
    # A photo of any telephone, and a minute of film. Of one person: some hundreds of them.
    attachment_max_bytes: int = Field(25 * 1024 * 1024, ge=1)
    attachment_quota_bytes: int = Field(5 * 1024**3, ge=1)
    # As many as go into a message. Each holds a part of 5 MiB in memory.
    attachment_uploads_at_once_max: int = Field(10, ge=1)
    # By telephone, from a train: 25 MiB at 350 kbit/s.
    attachment_upload_max_seconds: float = Field(600, gt=0)
    attachment_unattached_lasts_hours: int = Field(24, ge=1)
    # Of all frames together: a picture of 50 million pixels takes 200 MB, and twice that while it
    # is turned. One at a time in each process.
    image_max_pixels: int = Field(50_000_000, ge=1)
    image_max_seconds: float = Field(30, gt=0)
    image_memory_max_bytes: int = Field(1024**3, ge=2**28)
    thumbnail_max_pixels: int = Field(512, ge=16)  # Of its longest side.

    # Who sees what.
    show_emails: bool = False

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
    # Whoever is here says so three times in the time after which they are taken to be gone.
    presence_lasts_seconds: float = 15
    presence_again_seconds: float = 5

    @model_validator(mode="after")
    def secrets_are_set_outside_development(self) -> Self:
        shortest = min((len(key.get_secret_value()) for key in self.secret_keys), default=0)
        if self.is_production and shortest < SECRET_KEY_MIN_CHARACTERS:
            raise ValueError(
                "CHATFLOW_SECRET_KEYS must be set in production, to keys of"
                f" {SECRET_KEY_MIN_CHARACTERS} characters or more"
            )
        return self

    @model_validator(mode="after")
    def mail_can_be_sent_outside_development(self) -> Self:
        if self.is_production and self.smtp_url is None and self.data_dir is None:
            raise ValueError(
                "CHATFLOW_SMTP_URL must be set in production, or CHATFLOW_DATA_DIR for mails to be"
                " kept as files"
            )
        if self.is_production and not self.public_url:
            raise ValueError(
                "CHATFLOW_PUBLIC_URL must be set in production: links in mails begin with it"
            )
        return self

    @model_validator(mode="after")
    def files_have_a_place_outside_development(self) -> Self:
        if self.is_production and not self.storage_url and self.data_dir is None:
            raise ValueError(
                "CHATFLOW_STORAGE_URL must be set in production, or CHATFLOW_DATA_DIR for"
                " attachments to be kept there"
            )
        return self

    @property
    def is_production(self) -> bool:
        return self.environment == "production"
