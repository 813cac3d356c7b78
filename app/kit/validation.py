"""From what pydantic found wrong to our `Invalid`, in the sentences of Rails."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kit.errors import Invalid, Problem

# The original wraps the attributes of a person in `user`, which is no part of a field's name.
_WRAPPERS = {"user"}

_PROBLEMS = {
    "missing": ("blank", "can't be blank"),
    "none_required": ("blank", "can't be blank"),
    "json_invalid": ("json_invalid", "the request body is not valid JSON"),
    "string_type": ("not_a_string", "must be a string"),
    "string_unicode": ("invalid", "is invalid"),
    "bool_type": ("not_a_boolean", "must be true or false"),
    "bool_parsing": ("not_a_boolean", "must be true or false"),
    "int_type": ("not_an_integer", "must be an integer"),
    "int_parsing": ("not_an_integer", "must be an integer"),
    "int_from_float": ("not_an_integer", "must be an integer"),
    "list_type": ("not_a_list", "must be a list"),
    "model_type": ("not_an_object", "must be an object"),
    "model_attributes_type": ("not_an_object", "must be an object"),
    "dict_type": ("not_an_object", "must be an object"),
}


def from_request(errors: Iterable[Mapping[str, Any]]) -> Invalid:
    """What FastAPI found: it says first where in the request, such as `body` or `query`."""
    return from_pydantic({**error, "loc": error["loc"][1:]} for error in errors)


def from_pydantic(errors: Iterable[Mapping[str, Any]]) -> Invalid:
    """Name each field once for each problem, and repeat nothing of what was sent."""
    fields: dict[str, list[Problem]] = {}
    for error in errors:
        field = _field(error["loc"])
        problem, problems = _problem(error, field), fields.setdefault(field, [])
        if problem not in problems:
            problems.append(problem)
    return Invalid(fields)


def _field(location: tuple[str | int, ...]) -> str:
    """`("user", "email")` is `email`, and `()` is `base`."""
    parts = location[1:] if len(location) > 1 and location[0] in _WRAPPERS else location
    # What pydantic tried in a union is no part of the path; nor is where JSON broke off.
    names = [str(part) for part in parts if isinstance(part, int) or part.isidentifier()]
    return ".".join(names) if any(not name.isdigit() for name in names) else "base"


def _problem(error: Mapping[str, Any], field: str) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _PROBLEMS:
        reason, sentence = _PROBLEMS[kind]
        if field == "base" and kind != "json_invalid":
            sentence = f"the request body {sentence}"
        return Problem(reason, sentence)
    if kind == "string_too_short":
        return Problem("too_short", f"is too short (minimum is {_count(context['min_length'])})")
    if kind == "string_too_long":
        return Problem("too_long", f"is too long (maximum is {_count(context['max_length'])})")
    if kind == "refused":
        return Problem(context["reason"], context["sentence"])
    return Problem("invalid", "is invalid")


def _count(characters: int) -> str:
    return f"{characters:,} character" + ("" if characters == 1 else "s")
