"""What a client carries to show its login: a signed cookie, a JWT, or a token.

All three hold the id of the login and a secret of which only the digest is stored. The signatures
spare the database the guesses; the secret is what proves the login, so a signing key that leaks
signs nobody in.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import jwt
from itsdangerous import BadSignature, Signer

from app.kit.ids import read_id
from app.kit.settings import Settings
from app.models import Carrier, Login

# What secret scanners look for, and people recognise.
TOKEN_PREFIX = "chatflow_"  # noqa: S105
_TOKEN = re.compile(TOKEN_PREFIX + r"(\d{1,18})_([A-Za-z0-9_-]{43})")
_ALGORITHM = "HS256"
_CLAIMS = ["sub", "jti", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client has shown. Whether it is good, the row of the login says."""

    login_id: int
    secret: str


class Seal:
    def __init__(self, settings: Settings) -> None:
        keys = [key.get_secret_value() for key in settings.secret_keys]
        self._signer = Signer(list(reversed(keys)), salt="login", digest_method=hashlib.sha256)
        self._jwt_keys = {_key_id(key): _jwt_key(key) for key in keys}
        self._newest = _key_id(keys[0])
        self._all_keys = hashlib.sha256("\n".join(keys).encode()).digest()

    def close(self, login: Login, secret: str) -> str:
        match login.carrier:
            case Carrier.TOKEN:
                return f"{TOKEN_PREFIX}{login.id}_{secret}"
            case Carrier.JWT:
                return self._sign_jwt(login, secret)
        return self._signer.sign(f"{login.id}.{secret}").decode()

    def open(self, credential: str) -> Shown | None:
        """None for what is not ours."""
        if credential.startswith(TOKEN_PREFIX):
            found = _TOKEN.fullmatch(credential)
            return _shown(*found.groups()) if found else None
        jti = self._read_jwt(credential) if credential.startswith("ey") else None
        if jti is None:
            jti = self._unsign(credential)
        return _shown(*jti.split(".", 1)) if jti and "." in jti else None

    def mark(self, credential: str) -> bytes:
        """By which to know it again, under the same keys. It tells nobody what was shown."""
        return hashlib.blake2b(credential.encode(), digest_size=16, key=self._all_keys).digest()

    def _unsign(self, credential: str) -> str | None:
        try:
            return self._signer.unsign(credential).decode()
        except (BadSignature, UnicodeError):
            return None

    def _sign_jwt(self, login: Login, secret: str) -> str:
        """The claims of devise-jwt. Source: RFC 7519."""
        assert login.expires_at is not None
        claims = {
            "sub": str(login.user_id),
            "scp": "user",
            "iat": login.created_at,
            "exp": login.expires_at,
            "jti": f"{login.id}.{secret}",
        }
        key = self._jwt_keys[self._newest]
        return jwt.encode(claims, key, _ALGORITHM, headers={"kid": self._newest})

    def _read_jwt(self, credential: str) -> str | None:
        try:
            key = self._jwt_keys.get(jwt.get_unverified_header(credential).get("kid", ""))
            if key is None:
                return None
            options: Any = {"require": _CLAIMS, "verify_iat": False}
            claims = jwt.decode(credential, key, [_ALGORITHM], options=options)
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        return str(claims["jti"])


def digest(secret: str) -> bytes:
    """The secret has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def _shown(login_id: str, secret: str) -> Shown | None:
    number = read_id(login_id)
    return Shown(number, secret) if number else None


def _key_id(key: str) -> str:
    return hashlib.sha256(b"kid " + key.encode()).hexdigest()[:8]


def _jwt_key(key: str) -> bytes:
    """Another key than that of the cookies: a signature of one is none of the other."""
    return hashlib.sha256(b"jwt " + key.encode()).digest()
