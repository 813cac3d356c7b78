"""Who may do what: every operation, asked with its example by everybody in `tests/matrix.py`."""

import pytest

from app.kit.settings import Settings
from app.main import create_app
from tests.answers import refusal
from tests.cast import Actor, cast
from tests.factories import House
from tests.matrix import ACCESS, UNDOCUMENTED
from tests.operations import OPERATIONS, Operation, all_routes

CODES = {401: "unauthenticated", 404: "not_found"}


def test_every_route_has_a_row(settings: Settings) -> None:
    names = set(all_routes(create_app(settings)))

    assert all(ACCESS[name] for name in names)
    assert ACCESS.keys() - names == set(), "rows of what is not there"
    assert {operation.id for operation in OPERATIONS} | set(UNDOCUMENTED) == names


def test_a_row_that_is_missing_says_what_to_do() -> None:
    with pytest.raises(AssertionError, match=r"may do dance\?.*a row.*tests/matrix\.py"):
        ACCESS["dance"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_a_row_says_nothing_strange(operation: Operation) -> None:
    row = ACCESS[operation.id]

    assert row[Actor.FORMER] == row[Actor.STRANGER], "who has left is a stranger"
    if operation.method != "get" and row[Actor.NOBODY] == "401":
        assert row[Actor.READ_ONLY] == "403", "it changes something"
    if operation.method == "get":
        assert row[Actor.READ_ONLY] == row[Actor.OWNER], "it only reads"


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_the_examples_work_for_those_who_may(
    house: House, operation: Operation, actor: Actor
) -> None:
    people = await cast(house)

    answer = await people.client(actor).request(
        operation.method,
        operation.address(**people.ids),
        params=operation.example_query,
        **operation.sent,
    )

    assert str(answer.status_code) == ACCESS[operation.id][actor], answer.text
    if code := CODES.get(answer.status_code):
        assert refusal(answer) == (answer.status_code, code)
    if actor is Actor.READ_ONLY and answer.status_code == 403:
        assert refusal(answer) == (403, "read_only")


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("name", UNDOCUMENTED)
async def test_what_the_document_leaves_out(house: House, name: str, actor: Actor) -> None:
    people = await cast(house)

    browser = {"Accept": "text/html,*/*;q=0.8"}
    answer = await people.client(actor).get(UNDOCUMENTED[name], headers=browser)

    assert str(answer.status_code) == ACCESS[name][actor]
