"""Whom a message mentions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mentions:
    """Those who are named; `everyone` is all but the author."""

    user_ids: list[int]
    everyone: bool = False


NOBODY = Mentions([])
