"""What the clients of the tests say in confidence is overheard, and looked for in every log."""

from tests.secrecy.logs import refuse_secrets, refuse_secrets_in
from tests.secrecy.overhearing import overhear
from tests.secrecy.secrets import SECRETS

__all__ = ["SECRETS", "overhear", "refuse_secrets", "refuse_secrets_in"]
