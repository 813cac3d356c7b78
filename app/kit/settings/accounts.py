"""How long accounts keep what, and what they ask of people."""

from pydantic import BaseModel, Field


class AccountSettings(BaseModel, frozen=True):
    """Logins, passwords, mailed links, the second factor."""

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
