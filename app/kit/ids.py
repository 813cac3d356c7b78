"""Ids in paths: canonical decimal digits, and everything else is an address that does not exist."""

import re

from starlette.convertors import Convertor, register_url_convertor

# Eighteen digits always fit Postgres's bigint, and no sequence of ours comes that far.
CANONICAL = "[1-9][0-9]{0,17}"


class IdConvertor(Convertor[int]):
    """Makes `/conversations/{conversation_id:id}` match `42`, and not `042`, `4_2`, `٤٢` or `x`."""

    regex = CANONICAL

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", IdConvertor())


def read_id(text: str) -> int | None:
    """For where no router has looked: a socket's path, or a body."""
    return int(text) if re.fullmatch(CANONICAL, text) else None
