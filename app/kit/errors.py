"""The error family, and the one function that shows it to clients.

ChatFlowError               500 internal
├── Unauthenticated         401 unauthenticated
├── Forbidden               403 forbidden
├── NotFound                404 not_found
├── MethodNotAllowed        405 method_not_allowed
├── Conflict                409 conflict
├── TooLarge                413 too_large
├── UnsupportedMediaType    415 unsupported_media_type
├── Invalid                 422 <field>_<reason>, or `invalid` for several
├── TooMany                 429 too_many
└── Unavailable             503 unavailable

Specific errors are declared next to the action that raises them.
"""

from dataclasses import dataclass
from typing import Any, Self


class ChatFlowError(Exception):
    """What went wrong, for people (`message`), for programs (`code`), for HTTP (`status`)."""

    status = 500
    code = "internal"
    message = "Something went wrong on our side"

    def __init__(self, message: str | None = None, headers: dict[str, str] | None = None) -> None:
        self.message = message or self.message
        self.headers = headers or {}
        super().__init__(self.message)

    def details(self) -> dict[str, Any]:
        return {"error": self.message, "code": self.code}


class Unauthenticated(ChatFlowError):
    status = 401
    code = "unauthenticated"
    message = "You need to sign in or sign up before continuing."


class Forbidden(ChatFlowError):
    status = 403
    code = "forbidden"
    message = "You may not do this"


class NotFound(ChatFlowError):
    status = 404
    code = "not_found"
    message = "Not found"


class MethodNotAllowed(ChatFlowError):
    status = 405
    code = "method_not_allowed"
    message = "This address does not take that method"


class Conflict(ChatFlowError):
    status = 409
    code = "conflict"
    message = "This conflicts with what is already there"


class TooLarge(ChatFlowError):
    status = 413
    code = "too_large"
    message = "The request is too large"


class UnsupportedMediaType(ChatFlowError):
    status = 415
    code = "unsupported_media_type"
    message = "The request body must be application/json"


class TooMany(ChatFlowError):
    status = 429
    code = "too_many"
    message = "Too many requests, please wait"


class Unavailable(ChatFlowError):
    status = 503
    code = "unavailable"
    message = "The service is busy, please try again"

    def __init__(self, message: str | None = None, retry_after_seconds: int = 1) -> None:
        super().__init__(message, {"Retry-After": str(retry_after_seconds)})


@dataclass(frozen=True)
class Problem:
    """Why a field was refused: `blank` for programs, "can't be blank" for people."""

    reason: str
    sentence: str


class Invalid(ChatFlowError):
    """What was sent cannot be taken.

    Shape: `fields` maps a dotted path, or `base` for the whole, to its problems.
    """

    status = 422
    code = "invalid"
    message = "Invalid"

    def __init__(self, fields: dict[str, list[Problem]]) -> None:
        super().__init__()
        self.fields = fields

    @classmethod
    def field(cls, name: str, reason: str, sentence: str) -> Self:
        return cls({name: [Problem(reason, sentence)]})

    def details(self) -> dict[str, Any]:
        """`status` is what the original answered a failed registration with; it is true of all."""
        return {
            "status": "error",
            "errors": [
                _sentence(field, problem)
                for field, problems in self.fields.items()
                for problem in problems
            ],
            "fields": {
                field: [problem.sentence for problem in problems]
                for field, problems in self.fields.items()
            },
            "code": self._code(),
        }

    def _code(self) -> str:
        if len(self.fields) > 1:
            return "invalid"
        (field, problems), *_ = self.fields.items()
        # `participant_ids.0` and `participant_ids.1` are one reason to a program.
        name = "_".join(part for part in field.split(".") if not part.isdigit())
        return problems[0].reason if name in ("", "base") else f"{name}_{problems[0].reason}"


def _sentence(field: str, problem: Problem) -> str:
    """In the manner of Rails: the field's name for people, and the problem."""
    if field == "base":
        return problem.sentence[:1].upper() + problem.sentence[1:]
    return f"{field.replace('_', ' ').replace('.', ' ').capitalize()} {problem.sentence}"


def render(error: ChatFlowError, request_id: str | None) -> dict[str, Any]:
    """The body of an error, the same for HTTP and for sockets.

    Shape: {"error": "..."} or {"errors": [...], "fields": {...}}, with "code" and "request_id".
    """
    return error.details() | {"request_id": request_id}
