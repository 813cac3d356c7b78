"""Every `disconnect` says why, and whether to come back; then the socket is closed."""

from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.action_cable.sockets import (
    EXT,
    USER_CHANNEL,
    V1,
    following,
    identify,
    messages_in,
    open_socket,
    rejection,
    welcomed,
)
from tests.realtime.sockets import Room

REMOTE = {"type": "disconnect", "reason": "remote", "reconnect": True}
UNAUTHORIZED = {"type": "disconnect", "reason": "unauthorized", "reconnect": False}


async def forget(room: Room, table: str, user_id: int) -> None:
    """Without anybody being told."""
    async with room.house.session() as session:
        await session.execute(text(f"DELETE FROM {table} WHERE user_id = :id"), {"id": user_id})


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_server_that_leaves_says_so(settings: Settings, room: Room, protocol: str) -> None:
    async with AsyncExitStack() as clients:
        async with serve(settings) as house:
            opened = following(house, room.bob, identify(room.id), protocol)
            cable = await clients.enter_async_context(opened)
        frame, code = await cable.farewell()

    assert frame == {"type": "disconnect", "reason": "server_restart", "reconnect": True}
    assert code == 1001


@pytest.mark.parametrize("protocol", [V1, EXT])
@pytest.mark.parametrize("identifier", [None, identify(1), USER_CHANNEL])
async def test_signing_out_ends_this_login_and_no_other(
    room: Room, protocol: str, identifier: str | None
) -> None:
    async with (
        welcomed(room.house, room.bob, protocol) as bob,
        following(room.house, room.alice, identify(room.id)) as alice,
    ):
        if identifier is not None:
            await bob.follow(identifier)
        await room.bob.client.delete("/users/sign_out")
        assert await bob.farewell() == (REMOTE, 1000)
        said = await room.say("still here")
        assert messages_in([await alice.next()]) == [said]


async def test_who_comes_back_signed_out_is_told_to_stay_away(room: Room) -> None:
    cookie = room.bob.cookie
    async with welcomed(room.house, room.bob, EXT) as cable:
        await room.bob.client.delete("/users/sign_out")
        await cable.farewell()

    async with open_socket(room.house, None, (EXT,), cookie=cookie) as again:
        assert await again.next() == UNAUTHORIZED


async def test_it_reaches_the_other_worker(settings: Settings, room: Room) -> None:
    async with serve(settings) as other, following(other, room.bob, identify(room.id)) as cable:
        await room.bob.client.delete("/users/sign_out")
        assert await cable.farewell() == (REMOTE, 1000)


@pytest.mark.parametrize("table", ["participants", "logins"])
async def test_it_needs_no_doorbell(room: Room, table: str) -> None:
    async with following(room.house, room.bob, identify(room.id)) as cable:
        await forget(room, table, room.bob.id)
        assert await cable.farewell() == (REMOTE, 1000)


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_who_lost_a_membership_comes_back_and_is_rejected(room: Room, protocol: str) -> None:
    """An AnyCable client ignores a rejection of what was confirmed, so the connection ends."""
    carol = await room.house.person("carol")
    kept = await room.house.conversation(room.bob, carol)
    async with following(room.house, room.bob, identify(room.id), protocol) as cable:
        await cable.follow(identify(kept.id))
        async with room.house.session() as session:
            await session.execute(
                text("DELETE FROM participants WHERE user_id = :id AND conversation_id = :from"),
                {"id": room.bob.id, "from": room.id},
            )
        assert await cable.farewell() == (REMOTE, 1000)

    async with welcomed(room.house, room.bob, protocol) as again:
        assert await again.subscribe(identify(room.id)) == rejection(identify(room.id))
        await again.follow(identify(kept.id))


async def test_one_connection_too_many_is_told_so(settings: Settings, room: Room) -> None:
    few = settings.model_copy(update={"connections_per_user_max": 2})

    async with (
        serve(few) as house,
        welcomed(house, room.bob),
        welcomed(house, room.bob) as second,
        welcomed(house, room.alice),
    ):
        async with open_socket(house, room.bob) as third:
            frame, _ = await third.farewell()
        await second.follow(identify(room.id))

    assert frame == {"type": "disconnect", "reason": "too_many_connections", "reconnect": True}
