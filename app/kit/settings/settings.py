"""All knobs together, typed and frozen, each with its unit in its name."""

from typing import Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit.settings.accounts import AccountSettings
from app.kit.settings.limits import LimitSettings
from app.kit.settings.mail import MailSettings
from app.kit.settings.realtime import RealtimeSettings
from app.kit.settings.server import ServerSettings
from app.kit.settings.storage import StorageSettings

SECRET_KEY_MIN_CHARACTERS = 32


# Pydantic reads the last of them first, and some defaults follow from what was read before.
class Settings(
    RealtimeSettings,
    StorageSettings,
    LimitSettings,
    AccountSettings,
    MailSettings,
    ServerSettings,
    BaseSettings,
):
    """Read once at start-up from the environment (`CHATFLOW_...`), and handed down from there."""

    model_config = SettingsConfigDict(
        env_prefix="CHATFLOW_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # It may be a secret, or next to one.
    )

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
