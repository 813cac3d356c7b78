"""Who shares no conversation with somebody, or not any more, hears nothing of them."""

from tests.answers import refusal
from tests.factories import Person
from tests.presence.watching import native, user_stream
from tests.realtime.sockets import Room


async def hide(person: Person) -> None:
    """Something that those who share a conversation hear after whatever was before."""
    await person.client.put("/users/me", json={"show_presence": False})


async def test_strangers_hear_nothing(shared_room: Room) -> None:
    """Mallory shares a conversation with Alice, and none with Bob."""
    room, house = shared_room, shared_room.house
    mallory = await house.person("mallory")
    await house.conversation(room.alice, mallory)

    async with (
        user_stream(house, mallory, room) as stranger,
        native(house, room.alice, room) as alice,
    ):
        await stranger.hears(room.alice, "online")
        async with native(house, room.bob, room):
            await alice.hears(room.bob, "online")
        await alice.hears(room.bob, "offline")
        await hide(room.alice)
        await stranger.hears(room.alice, "offline")

    assert stranger.statuses(room.bob) == []
    answer = await mallory.client.get(f"/conversations/{room.id}/presence")
    assert refusal(answer) == (404, "not_found")


async def test_whoever_was_removed_hears_no_more(shared_room: Room) -> None:
    """Carol has another conversation with Alice, and goes on to hear of her."""
    room, house = shared_room, shared_room.house
    carol = await house.person("carol")
    group = await house.conversation(room.alice, room.bob, carol)
    await house.conversation(room.alice, carol)

    async with (
        user_stream(house, carol, room) as removed,
        native(house, room.alice, room) as alice,
    ):
        async with native(house, room.bob, room):
            await removed.hears(room.bob, "online")
        await removed.hears(room.bob, "offline")
        path = f"/conversations/{group.id}/members/{carol.id}"
        assert (await room.alice.client.delete(path)).status_code == 204
        async with native(house, room.bob, room):
            await alice.hears(room.bob, "online")
            await hide(room.alice)
            await removed.hears(room.alice, "offline")

    assert removed.statuses(room.bob) == ["online", "offline"]
