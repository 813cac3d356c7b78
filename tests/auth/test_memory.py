"""What a process remembers of who has just asked, and what ends that."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.access import Memory, SignedIn
from app.auth.access.memory import LASTS_SECONDS
from app.auth.events import CONTROL
from app.kit.settings import Settings
from app.models import Scope, User
from tests.answers import refusal
from tests.auth.signing import who_is
from tests.conftest import serve
from tests.counting import count_queries
from tests.factories import PASSWORD, House, Person

PATIENCE_SECONDS = 5


class Clock:
    """Stands still until it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def remember_for_ever(house: House) -> Clock:
    """No time passes here, so that what is forgotten was ended by something else."""
    clock = Clock()
    memory = Memory(clock=clock)
    house.state["memory"] = memory
    house.state["hub"].control(CONTROL, memory.obey, house.state["guard"].obey)
    return clock


@pytest.fixture
def clock(house: House) -> Clock:
    return remember_for_ever(house)


async def test_who_has_just_asked_is_known_without_a_query(house: House, clock: Clock) -> None:
    alice = await house.person("alice")

    async with count_queries(house) as queries:
        first = await alice.client.get("/users/me")
        assert len(queries) == 1
        second = await alice.client.get("/users/me")

    assert len(queries) == 1
    assert first.json() == second.json()


async def test_a_second_later_the_row_is_asked(live_house: House, engine: AsyncEngine) -> None:
    """The login is gone, and nobody rang."""
    clock = remember_for_ever(live_house)
    alice = await live_house.person("alice")
    assert (await alice.client.get("/users/me")).status_code == 200
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM logins"))

    clock.now = LASTS_SECONDS * 0.99
    assert (await alice.client.get("/users/me")).status_code == 200
    clock.now = LASTS_SECONDS
    assert refusal(await alice.client.get("/users/me")) == (401, "unauthenticated")


async def test_whoever_signs_out_is_unknown_at_once(house: House, clock: Clock) -> None:
    alice = await house.person("alice")
    captured = alice.cookie.partition("=")[2]
    assert (await who_is(house, captured)).status_code == 200

    await alice.client.delete("/users/sign_out")

    assert refusal(await who_is(house, captured)) == (401, "unauthenticated")


async def revoke(alice: Person) -> None:
    (token,) = (await alice.client.get("/users/tokens")).json()
    await alice.client.delete(f"/users/tokens/{token['id']}")


async def change_password(alice: Person) -> None:
    edit = {"current_password": PASSWORD, "password": "another long secret"}
    await alice.client.put("/users", json={"user": edit})


async def close_account(alice: Person) -> None:
    edit = {"current_password": PASSWORD}
    await alice.client.request("DELETE", "/users", json={"user": edit})


@pytest.mark.parametrize("end", [revoke, change_password, close_account])
async def test_so_is_every_other_login_that_ends(house: House, clock: Clock, end: Any) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    made = {"name": "script", "scope": "write", "current_password": PASSWORD}
    token = (await alice.client.post("/users/tokens", json=made)).json()["token"]
    assert (await who_is(house, token)).status_code == 200
    await bob.client.get("/users/me")

    await end(alice)

    assert refusal(await who_is(house, token)) == (401, "unauthenticated")
    remembered = {one.signed_in.user.id for one in house.state["memory"].known.values()}
    assert bob.id in remembered


async def test_the_other_workers_hear_of_it(settings: Settings, live_house: House) -> None:
    """No time passes there, so it is the bell that ends what they remember."""
    alice = await live_house.person("alice")
    captured = alice.cookie.partition("=")[2]
    async with serve(settings) as other:
        remember_for_ever(other)
        assert (await who_is(other, captured)).status_code == 200

        await alice.client.delete("/users/sign_out")

        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await who_is(other, captured)).status_code == 200:
                pass


async def test_ones_own_change_is_seen_at_once(house: House, clock: Clock) -> None:
    alice = await house.person("alice", name="Alice")
    await alice.client.get("/users/me")

    await alice.client.patch("/users/me", json={"name": "Alicia"})

    assert (await alice.client.get("/users/me")).json()["name"] == "Alicia"


async def test_the_other_workers_hear_of_a_change(settings: Settings, live_house: House) -> None:
    alice = await live_house.person("alice", name="Alice")
    captured = alice.cookie.partition("=")[2]
    async with serve(settings) as other:
        remember_for_ever(other)
        assert (await who_is(other, captured)).json()["name"] == "Alice"

        await alice.client.patch("/users/me", json={"name": "Alicia"})

        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await who_is(other, captured)).json()["name"] == "Alice":
                pass


def login(id: int, user_id: int) -> SignedIn:
    return SignedIn(id, Scope.WRITE, User(id=user_id), None)


class Questions:
    """Asks the database, which answers when the test says so."""

    def __init__(self, answer: SignedIn | None) -> None:
        self.answer, self.count = answer, 0
        self.may_answer, self.is_asked = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> SignedIn | None:
        self.count += 1
        self.is_asked.set()
        await self.may_answer.wait()
        return self.answer


async def test_an_answer_older_than_a_revocation_is_not_remembered() -> None:
    """The question began before the sign-out, and is answered after it."""
    memory, asked = Memory(clock=Clock()), Questions(login(1, user_id=7))
    asked.may_answer.clear()
    slow = asyncio.create_task(memory.recall(b"alice", asked))
    await asked.is_asked.wait()

    memory.forget(7)
    asked.may_answer.set()
    await slow
    await memory.recall(b"alice", asked)
    assert asked.count == 2

    await memory.recall(b"alice", asked)
    assert asked.count == 2, "the second answer is younger"


async def test_a_second_is_counted_from_the_question() -> None:
    clock, asked = Clock(), Questions(login(1, user_id=7))
    memory = Memory(clock=clock)
    asked.may_answer.clear()
    slow = asyncio.create_task(memory.recall(b"alice", asked))
    await asked.is_asked.wait()

    clock.now = LASTS_SECONDS
    asked.may_answer.set()
    await slow
    await memory.recall(b"alice", asked)

    assert asked.count == 2


async def test_a_stranger_is_not_remembered() -> None:
    memory, asked = Memory(clock=Clock()), Questions(None)

    for _ in range(3):
        assert await memory.recall(b"nobody", asked) is None

    assert asked.count == 3
    assert not memory.known


async def test_no_more_than_so_many_are_remembered() -> None:
    memory = Memory(logins_max=2, clock=Clock())
    questions = {name: Questions(login(n, user_id=n)) for n, name in enumerate((b"a", b"b", b"c"))}

    for name in (b"a", b"b", b"c", b"b", b"a"):
        await memory.recall(name, questions[name])

    assert [asked.count for asked in questions.values()] == [2, 1, 1]
    assert len(memory.known) == 2


async def test_what_is_over_takes_no_room() -> None:
    clock = Clock()
    memory = Memory(clock=clock)
    await memory.recall(b"a", Questions(login(1, user_id=1)))

    clock.now = LASTS_SECONDS
    await memory.recall(b"b", Questions(login(2, user_id=2)))

    assert list(memory.known) == [b"b"]


async def test_a_membership_is_never_remembered(house: House, clock: Clock) -> None:
    """The door asks for it together with a login that it does not know, and alone otherwise."""
    alice, bob = await house.person("alice"), await house.person("bob")
    group = await house.conversation(alice, bob, await house.person("carol"))
    address = f"/conversations/{group.id}/members"
    async with count_queries(house) as queries:
        assert (await bob.client.get(address)).status_code == 200
        of_a_stranger = len(queries)
        assert (await bob.client.get(address)).status_code == 200
    assert len(queries) == 2 * of_a_stranger

    async with house.database.unit_of_work() as session:  # The house goes on knowing who Bob is.
        await session.execute(text("DELETE FROM participants"))

    assert refusal(await bob.client.get(address)) == (404, "not_found")
