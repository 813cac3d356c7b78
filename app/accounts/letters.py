"""What ChatFlow writes to people about their account.

Nothing that somebody typed stands in these mails, so nobody can make us send their words.
"""

from app.auth.actions import Notice
from app.kit.mail import Mail
from app.kit.settings import Settings


def reset(settings: Settings, email: str, token: str) -> Mail:
    link = f"{settings.public_url}/users/password/edit?reset_password_token={token}"
    text = f"""\
Somebody, we hope you, asked for a new password for your ChatFlow account.

Choose it here, within {_hours(settings.reset_lasts_hours)}:

{link}

If it was not you, do nothing: your password stays as it is. Give this link to nobody.
"""
    return Mail(email, "A new password for ChatFlow", text)


def confirmation(settings: Settings, email: str, token: str) -> Mail:
    link = f"{settings.public_url}/users/confirmation?confirmation_token={token}"
    text = f"""\
Somebody, we hope you, wants to use this address for a ChatFlow account.

Confirm that it is yours, within {_hours(settings.confirmation_lasts_hours)}:

{link}

If it was not you, do nothing: nobody can use your address without this link.
"""
    return Mail(email, "Confirm your address for ChatFlow", text)


def unlock(settings: Settings, email: str, token: str) -> Mail:
    link = f"{settings.public_url}/users/unlock?unlock_token={token}"
    text = f"""\
Somebody tried many passwords for your ChatFlow account. For now it can be entered only from where
you have signed in before.

If you want to sign in from somewhere else, follow this link from there, within {
        _hours(settings.unlock_lasts_hours)
    }:

{link}

Nobody got in. Whoever guesses does not know your password.
"""
    return Mail(email, "Your ChatFlow account is locked for strangers", text)


def address_wanted(settings: Settings, email: str) -> Mail:
    text = f"""\
Somebody wants to use this address for a ChatFlow account, but it belongs to one already: yours.

If it was you, sign in with it, or ask for a new password:

{settings.public_url}

If it was not you, do nothing: nothing has changed.
"""
    return Mail(email, "You have a ChatFlow account already", text)


def notice(settings: Settings, email: str, what: Notice) -> Mail:
    happened = _HAPPENED[what]
    text = f"""\
{happened}

If it was you, there is nothing to do.

If it was not you, {_REMEDY.get(what, _NEW_PASSWORD)}

{settings.public_url}
"""
    return Mail(email, happened.partition(".")[0], text)


# The first sentence is the subject.
_HAPPENED = {
    Notice.PASSWORD_CHANGED: (
        "The password of your ChatFlow account was changed. All other devices were signed out."
    ),
    Notice.PASSWORD_RESET: (
        "The password of your ChatFlow account was reset. All other devices were signed out."
    ),
    Notice.EMAIL_CHANGE_ASKED: (
        "A new address was asked for your ChatFlow account. Until it is confirmed, this one stays."
    ),
    Notice.EMAIL_CHANGED: (
        "The address of your ChatFlow account was changed. We write to the new one from now on."
    ),
    Notice.TOKEN_CREATED: (
        "A token was made for your ChatFlow account. Whoever has it can act in your name."
    ),
    Notice.SECOND_FACTOR_ENABLED: (
        "A second factor was turned on for your ChatFlow account. Signing in takes a code now."
    ),
    Notice.SECOND_FACTOR_DISABLED: (
        "The second factor of your ChatFlow account was turned off. A password is enough now."
    ),
    Notice.RECOVERY_CODE_USED: (
        "A recovery code of your ChatFlow account was used. It will not work again."
    ),
    Notice.RECOVERY_CODES_RENEWED: (
        "The recovery codes of your ChatFlow account were renewed. The old ones are gone."
    ),
    Notice.ACCOUNT_CLOSED: (
        "Your ChatFlow account was closed. What you wrote stays, without your name."
    ),
}
_NEW_PASSWORD = "somebody knows your password: ask for a new one at once."  # noqa: S105
_REMEDY = {
    Notice.EMAIL_CHANGED: "answer whoever runs this ChatFlow: they can help.",
    Notice.ACCOUNT_CLOSED: "answer whoever runs this ChatFlow: they can help.",
}


def _hours(number: int) -> str:
    return "an hour" if number == 1 else f"{number} hours"
