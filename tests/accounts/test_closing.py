"""Closing an account: DELETE /users"""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.models import Activity, Login, MailedToken, RecoveryCode, SecondFactor, User
from tests.accounts.links import ask_for_password, close, reset, reset_token, subjects
from tests.answers import refusal
from tests.auth.signing import session_cookie, sign_in, sign_up
from tests.factories import House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox
from tests.realtime.sockets import Room

ALICE = "alice@example.com"


async def test_an_account_is_closed(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")

    answer = await close(alice)
    await run_jobs(house)

    assert answer.status_code == 204
    assert answer.content == b""
    cookie = session_cookie(answer)
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/")
    assert refusal(await sign_in(house, ALICE)) == (401, "invalid_credentials")
    assert subjects(mailbox, ALICE) == ["Your ChatFlow account was closed"]


@pytest.mark.parametrize("password", ["wrong", "", " secret123", "SECRET123"])
async def test_it_takes_the_password(house: House, password: str) -> None:
    alice = await house.person("alice")

    refused = await close(alice, password)
    empty = await alice.client.request("DELETE", "/users", json={"user": {}})

    assert refusal(refused) == (422, "current_password_invalid")
    assert refusal(empty) == (422, "current_password_blank")
    assert (await alice.client.get("/users/me")).status_code == 200
    assert (await close(alice)).status_code == 204


async def test_closing_it_again_is_closing_nobodys(house: House) -> None:
    alice = await house.person("alice")
    client = house.client()
    client.headers["cookie"] = alice.cookie
    body = {"user": {"current_password": "secret123"}}

    assert (await client.request("DELETE", "/users", json=body)).status_code == 204
    again = await client.request("DELETE", "/users", json=body)

    assert refusal(again) == (401, "unauthenticated")


async def test_nothing_says_who_they_were(house: House, mailbox: Mailbox) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    await alice.client.patch("/users/me", json={"avatar_url": "https://example.com/alice.png"})
    await reset_token(house, mailbox, ALICE)
    async with house.session() as session:
        session.add(SecondFactor(user_id=alice.id, secret="sealed"))
        session.add(RecoveryCode(user_id=alice.id, digest=b"x"))
    assert await traces(house, alice.id) == [1, 1, 1, 1, 1]

    await close(alice)

    assert await traces(house, alice.id) == [0, 0, 0, 0, 0]
    async with house.session() as session:
        row = (await session.execute(select(User.__table__).where(User.id == alice.id))).one()
        events = text("SELECT string_agg(data, '') FROM events WHERE topic = :topic")
        heard = await session.scalar(events, {"topic": f"user:{alice.id}"})
    told = {**row._mapping}
    assert told["deleted_at"] is not None
    assert {name for name, value in told.items() if value is not None} == {
        *("id", "encrypted_password", "name", "created_at", "updated_at", "deleted_at"),
        # Until their conversations have been told that nobody is there any more.
        *("show_presence", "read_receipts", "untold_since"),
    }
    assert (told["name"], told["encrypted_password"]) == ("Deleted user", "")
    assert "alice" not in heard.lower()
    assert (await bob.client.get("/users/me")).json()["name"] == "Bob"


async def traces(house: House, user_id: int) -> list[int]:
    """Of each kind, are there any?"""
    async with house.session() as session:
        return [
            int(bool(await session.scalar(select(func.count()).where(table.user_id == user_id))))
            for table in (Login, MailedToken, SecondFactor, RecoveryCode, Activity)
        ]


async def test_what_they_wrote_stays_and_the_conversation_goes_on(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    said = await house.message(conversation, alice, "Hello")
    path = f"/conversations/{conversation.id}"
    before = (await bob.client.get(path)).headers["etag"]

    await close(alice)

    opened = await bob.client.get(path, headers={"If-None-Match": before})
    assert opened.json()["messages"] == [said]
    gone = next(one for one in opened.json()["participants"] if one["id"] == alice.id)
    assert gone | {"joined_at": None} == {
        "id": alice.id,
        "email": None,
        "username": None,
        "name": "Deleted user",
        "avatar_url": None,
        "role": "member",
        "joined_at": None,
    }
    posted = await bob.client.post(f"{path}/messages", json={"body": "Are you there?"})
    assert posted.status_code == 201
    listed = (await bob.client.get("/conversations")).json()
    assert [one["id"] for one in listed] == [conversation.id]


async def test_nobody_finds_them_or_writes_to_them_anew(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    asked = {"participant_ids": [alice.id, carol.id]}
    assert (await bob.client.post("/conversations", json=asked)).status_code == 201

    await close(alice)

    for query in ("alice", "deleted", "user"):
        assert (await bob.client.get("/users", params={"query": query})).json() == []
    assert [
        one["id"] for one in (await bob.client.get("/users", params={"query": "carol"})).json()
    ] == [carol.id]
    with_them = await bob.client.post("/conversations", json={"participant_ids": [alice.id]})
    with_nobody = await bob.client.post("/conversations", json={"participant_ids": [999_999]})
    in_a_group = await bob.client.post("/conversations", json=asked)
    assert refusal(with_them) == refusal(with_nobody) == (422, "participant_ids_unknown")
    assert refusal(in_a_group) == (422, "participant_ids_unknown")


async def test_the_address_and_the_username_are_free_again(house: House) -> None:
    alice = await house.person("alice")
    again = {"email": ALICE, "username": "alice"}
    assert refusal(await sign_up(house, **again)) == (422, "email_taken")

    await close(alice)

    answer = await sign_up(house, **again)
    assert answer.status_code == 201
    assert answer.json()["user"]["id"] != alice.id


async def test_no_link_brings_it_back(house: House, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    token = await reset_token(house, mailbox, ALICE)
    await ask_for_password(house, ALICE)
    mailbox.clear()

    await close(alice)
    await run_jobs(house)

    assert refusal(await reset(house, token)) == (422, "reset_password_token_invalid")
    assert subjects(mailbox, ALICE) == ["Your ChatFlow account was closed"]


async def test_an_empty_password_does_not_open_it(house: House) -> None:
    alice = await house.person("alice")
    await close(alice)
    async with house.session() as session:
        restored = text("UPDATE users SET email = :email WHERE id = :id")
        await session.execute(restored, {"email": ALICE, "id": alice.id})

    for password in ("", "secret123", " "):
        assert refusal(await sign_in(house, ALICE, password)) == (401, "invalid_credentials")


async def test_their_sockets_end(room: Room) -> None:
    async with room.cable(room.bob) as bob, room.cable(room.alice) as alice:
        await bob.next_of("welcome")
        await alice.next_of("welcome")

        assert (await close(room.bob)).status_code == 204

        assert await bob.goodbye() == (4401, "unauthenticated")
        said = await room.say("still here")
        assert (await alice.next())["message"] == said


async def test_a_profile_that_is_edited_meanwhile_does_not_come_back(
    live_house: House, engine: AsyncEngine
) -> None:
    alice = await live_house.person("alice")
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1 FROM users FOR UPDATE"))
        editing = asyncio.create_task(alice.client.patch("/users/me", json={"name": "Alice"}))
        async with engine.connect() as watching:
            while not (await watching.scalar(waiting)):
                await watching.rollback()
        closed = "UPDATE users SET deleted_at = now(), email = NULL, name = 'Deleted user'"
        await connection.execute(text(closed))
        await connection.commit()
        late = await editing

    assert refusal(late) == (401, "unauthenticated")
    async with live_house.session() as session:
        assert await session.scalar(select(User.name)) == "Deleted user"
        edited = text("SELECT count(*) FROM events WHERE name = 'profile.edited'")
        assert await session.scalar(edited) == 0
