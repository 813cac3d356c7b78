"""How much, how often, and for whose eyes."""

from pydantic import BaseModel, Field

from app.kit.settings.values import Rate


class LimitSettings(BaseModel, frozen=True):
    """Of requests, and of what they ask for."""

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
    # Reading along is not writing: of its own, and as often.
    mark_rate: Rate = "600/minute"
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

    # In one conversation: what everybody is to keep in sight. They are shown all at once.
    pins_max: int = Field(50, ge=1)

    # Pages of histories that stay in memory until something happens there. Two thousand of the
    # usual ones; in each worker.
    pages_kept_max_bytes: int = Field(32 * 1024 * 1024, ge=0)

    # Who sees what.
    show_emails: bool = False
