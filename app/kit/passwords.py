"""Passwords: hashed and verified away from the event loop, by a bounded number of threads."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from passlib.context import CryptContext
from passlib.hash import bcrypt

from app.kit.errors import Invalid, Problem, Unavailable
from app.kit.guessing import why_guessable

T = TypeVar("T")

# What bcrypt reads of a password. Devise cut longer ones off silently, so its hashes are of the
# beginning; our own scheme hashes the whole with SHA-256 first.
_BCRYPT_MAX_BYTES = 72


@dataclass(frozen=True)
class Verdict:
    """`better_hash` replaces a hash that is right, but weaker than we make them now."""

    is_right: bool
    better_hash: str | None = None


@dataclass(frozen=True)
class Rules:
    """What a new password must be. The length is in characters, the score zxcvbn's: 0 to 4."""

    min_characters: int
    min_score: int


class Passwords:
    """New hashes are `bcrypt_sha256`; Devise's `$2a$` hashes verify, and are then replaced.

    A password is hashed as it was typed. NIST SP 800-63B would have it normalized first, for
    keyboards that compose an é in two ways; but Devise hashed what came, and to try both on every
    sign-in would take twice as long, or tell by the time which one it was.
    """

    def __init__(self, rounds: int, threads: int, queue_max: int, rules: Rules) -> None:
        """Units: one hash at 12 rounds takes about 0.2 s of a CPU, without the interpreter lock."""
        self._rules = rules
        self._context = CryptContext(
            schemes=["bcrypt_sha256", "bcrypt"], deprecated="auto", bcrypt_sha256__rounds=rounds
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._places_left = threads + queue_max
        # For those who do not exist: they must take as long as those who do. Made at start, which
        # also warms up the library's choice of implementation.
        self._nobodys_hash = self._threads.submit(self._context.hash, "nobody's password")

    async def check_new(
        self, password: str, confirmation: str | None = None, about: Iterable[str | None] = ()
    ) -> None:
        """Is this good enough to be a password from now on? None confirms nothing.

        `about` is what others know of the person: e-mail, username, name.
        Raises: Invalid on `password` and `password_confirmation`; Unavailable when too many wait.
        """
        problems: dict[str, list[Problem]] = {}
        if weakness := await self._weakness(password, [text for text in about if text]):
            problems["password"] = [weakness]
        if confirmation not in (None, password):
            sentence = "doesn't match Password"
            problems["password_confirmation"] = [Problem("confirmation", sentence)]
        if problems:
            raise Invalid(problems)

    async def _weakness(self, password: str, about: list[str]) -> Problem | None:
        minimum, min_score = self._rules.min_characters, self._rules.min_score
        if len(password) < minimum:
            return Problem("too_short", f"is too short (minimum is {minimum} characters)")
        reason = await self._in_thread(lambda: why_guessable(password, about, min_score))
        return Problem("too_easy", f"is too easy to guess: {reason}") if reason else None

    async def hash(self, password: str) -> str:
        """Raises: Unavailable when too many are waiting."""
        return await self._in_thread(lambda: str(self._context.hash(password)))

    async def verify(self, password: str, hashed: str | None) -> Verdict:
        """`hashed` is None for an account that does not exist: never right, and as slow.

        Raises: Unavailable when too many are waiting.
        """
        return await self._in_thread(lambda: self._verify(password, hashed))

    def _verify(self, password: str, hashed: str | None) -> Verdict:
        if hashed is not None and not self._context.identify(hashed):
            hashed = None  # Devise leaves it empty for people who sign in another way.
        known = hashed or self._nobodys_hash.result()
        secret: str | bytes = password
        if bcrypt.identify(known):
            secret = password.encode()[:_BCRYPT_MAX_BYTES]
        if not self._context.verify(secret, known) or hashed is None:
            return Verdict(False)
        better = self._context.hash(password) if self._context.needs_update(known) else None
        return Verdict(True, better)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._places_left == 0:
            raise Unavailable("Too many people are signing in, please try again")
        self._places_left -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places_left += 1

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
