"""What the process leans on, and who reaches it."""

from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, Field, SecretStr

from app.kit.settings.values import Proxies, Secrets, Words

# Everybody knows it. It signs cookies on a laptop, and production refuses it for being short.
DEVELOPMENT_KEY = "development only"


def is_development(earlier: dict[str, Any]) -> bool:
    return earlier.get("environment") == "development"


class ServerSettings(BaseModel, frozen=True):
    """The other servers, secrets, and the jobs in the background."""

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
    jobs_inside: bool = Field(default_factory=is_development)
    jobs_at_once: int = Field(4, ge=2)  # In each process.
    # The pause is tripled after each attempt, up to an hour: ten attempts take some three hours.
    job_attempts_max: int = Field(10, ge=1)
    job_pause_seconds: float = 5
    job_max_seconds: float = Field(60, gt=0)
    # After so long without a sign of life from whoever runs a job, another runs it again.
    job_silence_max_seconds: float = Field(20, gt=0)
    job_retention_days: int = Field(7, ge=0)  # Of those that failed for good, and of the record.
