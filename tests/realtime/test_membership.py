"""Coming into a group and going from it, for those who listen: at once, by every door."""

import asyncio
from collections.abc import Collection

import pytest

from app.auth import queries
from app.kit.settings import Settings
from app.realtime.guard import Guard, Listener
from app.realtime.user_feed import UserFeed
from tests.conftest import serve
from tests.factories import House
from tests.members.groups import Group, group_in
from tests.realtime.action_cable.sockets import (
    EXT,
    USER_CHANNEL,
    following,
    identify,
    open_socket,
    rejection,
    welcomed,
)
from tests.realtime.feed.streams import (
    everything_is_released,
    open_stream,
    poll,
    somebody_listens,
)
from tests.realtime.sockets import open_cable

EVERYTHING = "/events"


@pytest.fixture
async def group(live_house: House) -> Group:
    return await group_in(live_house)


# Going.


async def test_who_was_removed_hears_no_more_by_any_door(settings: Settings, group: Group) -> None:
    """On the other worker. Those who stay hear on."""
    id, carol = group.conversation.id, group.carol
    events = f"{group.path}/events"
    async with (
        serve(settings) as other,
        open_cable(other, carol, id) as native,
        open_stream(other, carol, events) as stream,
        following(other, carol, identify(id)) as cable,
        open_cable(other, group.dave, id) as staying,
    ):
        for listener in (native, staying):
            await listener.next_of("welcome")
        await stream.next_of("welcome")
        await group.remove(group.alice, carol)

        assert await native.goodbye() == (4403, "access_taken")
        goodbye = await stream.data_of("goodbye")
        assert (goodbye["code"], goodbye["come_back"]) == ("access_taken", False)
        farewell, _ = await cable.farewell()
        assert farewell["reason"] == "remote"
        await group.post(group.alice, "not for carol")
        assert (await staying.next_of("message.created"))["message"]["body"] == "not for carol"
        await refused_everywhere(other, group)


async def refused_everywhere(house: House, group: Group) -> None:
    """Nor does resuming bring it back."""
    id, carol = group.conversation.id, group.carol
    async with open_cable(house, carol, id, "?since=0") as native:
        assert await native.goodbye() == (4404, "not_found")
    async with open_stream(house, carol, f"{group.path}/events?since=0") as stream:
        assert stream.answer.status_code == 404
    async with welcomed(house, carol) as cable:
        assert await cable.subscribe(identify(id)) == rejection(identify(id))


async def test_the_bell_alone_ends_what_is_open(
    settings: Settings, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks once a second."""

    async def never(self: Guard) -> None:
        pass

    monkeypatch.setattr(Guard, "check", never)
    async with serve(settings) as house, open_cable(house, group.carol, group.conversation.id) as c:
        await c.next_of("welcome")
        await group.leave(group.carol)
        assert await c.goodbye() == (4403, "access_taken")


async def test_a_request_that_waits_ends_as_one_that_comes_now(group: Group) -> None:
    here = await poll(group.carol, f"{group.path}/events")
    query = {"since": here["cursor"], "wait": "60"}
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(group.carol.client.get(f"{group.path}/events", params=query))
        await somebody_listens(group.house)
        await group.remove(group.alice, group.carol)

    answer = waiting.result()
    if answer.status_code == 200:  # The removal itself was heard first.
        assert [event["type"] for event in answer.json()["events"]] == ["member.removed"]
        answer = await group.carol.client.get(f"{group.path}/events", params=query)
    assert answer.status_code == 404
    await everything_is_released(group.house)


async def test_feeds_of_everything_go_on_without_that_group(group: Group) -> None:
    carol, other = group.carol, await group.house.conversation(group.carol, group.mallory)
    async with (
        open_stream(group.house, carol, EVERYTHING) as stream,
        following(group.house, carol, USER_CHANNEL, EXT) as cable,
        open_cable(group.house, carol, group.conversation.id) as native,
    ):
        await stream.next_of("welcome")
        await native.next_of("welcome")
        await group.remove(group.alice, carol)
        assert (await stream.data_of("membership.ended"))["by"] == group.alice.id
        await native.goodbye()  # Now the guard has looked.
        await group.post(group.alice, "not for carol")
        await group.house.message(other, group.mallory, "for carol")
        assert (await stream.data_of("message.created"))["message"]["body"] == "for carol"
        while "message" not in (told := (await cable.next_of(None))["message"]):
            assert told["type"] in ("member.removed", "membership.ended")
        assert told["message"]["body"] == "for carol"
        cursor = stream.last_id
        cable.drop()
    async with open_socket(group.house, carol, (EXT,), f"?sid={cable.sid}") as again:
        await again.welcome()
        frames = await again.history(USER_CHANNEL)
    assert "not for carol" not in str(frames)
    assert (await poll(carol, EVERYTHING, since=cursor))["events"] == []


# Coming.


async def test_a_newcomer_hears_everything_from_that_moment_on(group: Group) -> None:
    mallory = group.mallory
    await group.post(group.alice, "long ago")
    async with (
        open_stream(group.house, mallory, EVERYTHING) as stream,
        following(group.house, mallory, USER_CHANNEL, EXT) as cable,
    ):
        await stream.next_of("welcome")
        here = stream.last_id
        await group.add(group.bob, mallory)
        await group.post(group.alice, "welcome")
        heard = [(await stream.next()).data for _ in range(3)]
        told = [(await cable.next_of(None))["message"] for _ in range(3)]

    assert [event["type"] for event in heard if event] == [
        "membership.began",
        "member.added",
        "message.created",
    ]
    assert told == heard
    # And who was away, by whatever way they come back.
    assert (await poll(mallory, EVERYTHING, since=here))["events"] == heard
    async with open_stream(group.house, mallory, EVERYTHING, last_event_id=here or "") as again:
        await again.next_of("welcome")
        assert [(await again.next()).data for _ in range(3)] == heard


async def test_a_restored_session_begins_where_one_has_joined(group: Group) -> None:
    mallory = group.mallory
    await group.post(group.alice, "long ago")
    async with welcomed(group.house, mallory, EXT) as cable:
        await cable.follow(USER_CHANNEL)
        cable.drop()
    await group.add(group.bob, mallory)
    await group.post(group.alice, "welcome")

    async with open_socket(group.house, mallory, (EXT,), f"?sid={cable.sid}") as again:
        assert (await again.welcome())["restored_ids"] == [USER_CHANNEL]
        frames = await again.history(USER_CHANNEL)

    told = [frame["message"]["type"] for frame in frames if "stream_id" in frame]
    assert told == ["membership.began", "member.added", "message.created"]


async def test_who_comes_back_before_anybody_has_looked_hears_on(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard has seen them out; by the time that it acts they are in again."""
    has_seen, may_act, has_looked = asyncio.Event(), asyncio.Event(), asyncio.Event()
    find_ended, look_again = queries.find_ended_memberships, UserFeed._look_again

    async def look(self: UserFeed) -> None:
        await look_again(self)
        has_looked.set()

    async def find_slowly(session: object, memberships: Collection[tuple[int, int]]) -> object:
        ended = await find_ended(session, memberships)  # type: ignore[arg-type]
        if ended:
            has_seen.set()
            await may_act.wait()
        return ended

    async with open_stream(group.house, group.carol, EVERYTHING) as stream:
        await stream.next_of("welcome")
        monkeypatch.setattr(queries, "find_ended_memberships", find_slowly)
        monkeypatch.setattr(UserFeed, "_look_again", look)
        await group.remove(group.alice, group.carol)
        await has_seen.wait()
        await has_looked.wait()
        has_looked.clear()
        await group.add(group.alice, group.carol)
        await stream.data_of("membership.began")
        await has_looked.wait()  # The feed saw nothing new: it was not out yet.
        may_act.set()
        await everybody_out(group)
        await group.post(group.alice, "welcome back")
        assert (await stream.data_of("message.created"))["message"]["body"] == "welcome back"


async def everybody_out(group: Group) -> None:
    """The guard acts in one turn of the loop after it has looked."""
    guard: Guard = group.house.state["guard"]
    before = _of_the_group(guard, group)
    async with asyncio.timeout(5):
        while before & _of_the_group(guard, group):
            await asyncio.sleep(0.01)


def _of_the_group(guard: Guard, group: Group) -> set[Listener]:
    id = group.conversation.id
    return {listener for listener in guard._listeners if listener.conversation_id == id}


# The same, everywhere.


async def test_events_are_the_same_on_every_transport(group: Group) -> None:
    eve, id = group.dave, group.conversation.id
    async with (
        open_cable(group.house, eve, id) as native,
        open_stream(group.house, eve, f"{group.path}/events") as stream,
        following(group.house, eve, USER_CHANNEL) as cable,
    ):
        seq = (await native.next_of("welcome"))["seq"]
        await stream.next_of("welcome")
        await group.add(group.alice, group.mallory)
        await group.give_role(group.alice, group.mallory, "admin")
        await group.edit(group.mallory, title="Dinner")
        await group.remove(group.alice, group.mallory)
        frames = [await native.next() for _ in range(4)]
        sent = [(await stream.next()).data for _ in range(4)]
        told = [(await cable.next_of(None))["message"] for _ in range(4)]

    assert [frame["type"] for frame in frames] == [
        "member.added",
        "member.role_changed",
        "conversation.edited",
        "member.removed",
    ]
    assert frames == sent == told == await group.events(eve, since=seq)
