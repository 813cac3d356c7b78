"""Access that was taken ends sockets, on every worker."""

from sqlalchemy import text

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import Room, open_cable


async def test_signing_out_ends_the_sockets_of_that_login_and_of_no_other(room: Room) -> None:
    async with room.cable(room.bob) as bob, room.cable(room.alice) as alice:
        await bob.next_of("welcome")
        await alice.next_of("welcome")
        await room.bob.client.delete("/users/sign_out")
        assert await bob.goodbye() == (4401, "unauthenticated")
        said = await room.say("still here")
        assert (await alice.next())["message"] == said


async def test_it_reaches_the_other_worker(settings: Settings, room: Room) -> None:
    async with serve(settings) as other, open_cable(other, room.bob, room.id) as cable:
        await cable.next_of("welcome")
        await room.bob.client.delete("/users/sign_out")
        assert await cable.goodbye() == (4401, "unauthenticated")


async def test_it_needs_no_doorbell(settings: Settings, room: Room) -> None:
    """The login and the membership simply are not there any more; nobody rang."""
    for statement, farewell in (
        ("DELETE FROM participants WHERE user_id = :id", (4403, "access_taken")),
        ("DELETE FROM logins WHERE user_id = :id", (4401, "unauthenticated")),
    ):
        person = room.bob if "participants" in statement else room.alice
        async with room.cable(person) as cable:
            await cable.next_of("welcome")
            async with room.house.session() as session:
                await session.execute(text(statement), {"id": person.id})
            assert await cable.goodbye() == farewell


async def test_a_login_that_has_expired_ends_too(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        async with room.house.session() as session:
            await session.execute(text("UPDATE logins SET expires_at = now()"))
        assert await cable.goodbye() == (4401, "unauthenticated")


async def test_resuming_does_not_bring_it_back(room: Room) -> None:
    said = await room.say("one")
    async with room.house.session() as session:
        await session.execute(
            text("DELETE FROM participants WHERE user_id = :id"), {"id": room.bob.id}
        )

    async with room.cable(room.bob, f"?since={said['seq']}") as cable:
        assert await cable.goodbye() == (4404, "not_found")
