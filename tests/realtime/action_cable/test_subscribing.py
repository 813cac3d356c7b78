"""Subscriptions: an identifier is a string of the client's, and each subscribe has one answer."""

import pytest

from tests.realtime.action_cable.sockets import (
    EXT,
    V1,
    confirmation,
    following,
    identify,
    messages_in,
    rejection,
    welcomed,
)
from tests.realtime.sockets import Room

IDENTIFIERS = [
    '{"channel":"ConversationsChannel","conversation_id":%d}',
    '{"conversation_id":%d,"channel":"ConversationsChannel"}',
    '{"channel":"ConversationsChannel","conversation_id":"%d"}',
    ' { "conversation_id" : %d ,\n "channel" : "Conversations\\u0043hannel" } ',
    '{"channel":"ConversationsChannel","conversation_id":%d,"x":"é\\u00e9\\/\\\\ \U0001f600"}',
    '{"channel":"Other","channel":"ConversationsChannel","conversation_id":%d}',
]


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_an_identifier_comes_back_as_it_was_written(room: Room, protocol: str) -> None:
    identifiers = [written % room.id for written in IDENTIFIERS]

    async with welcomed(room.house, room.bob, protocol) as cable:
        for identifier in identifiers:
            assert await cable.subscribe(identifier) == confirmation(identifier)
        said = await room.say("Hello")
        frames = await cable.take(len(identifiers))

    assert sorted(frame["identifier"] for frame in frames) == sorted(identifiers)
    assert messages_in(frames) == [said] * len(identifiers)


async def test_one_stream_under_two_identifiers_comes_twice(room: Room) -> None:
    number, text = identify(room.id), identify(str(room.id))

    async with following(room.house, room.bob, number) as cable:
        await cable.follow(text)
        said = await room.say("Hello")
        heard = await cable.take(2)
        await room.say("again")
        assert len(messages_in(await cable.take(2))) == 2

    assert {frame["identifier"] for frame in heard} == {number, text}
    assert messages_in(heard) == [said, said]


async def test_one_stream_goes_by_ten_names_at_most(room: Room) -> None:
    """Each is one more frame of everything, and one more to encode."""
    names = [identify(room.id).replace("}", f',"n":{n}}}') for n in range(11)]

    async with welcomed(room.house, room.bob) as cable:
        answers = [await cable.subscribe(name) for name in names]
        await cable.command("unsubscribe", names[0])
        again = await cable.subscribe(names[10])

    assert answers == [*map(confirmation, names[:10]), rejection(names[10])]
    assert again == confirmation(names[10])


async def test_several_conversations_do_not_mix(room: Room) -> None:
    carol = await room.house.person("carol")
    other = await room.house.conversation(room.bob, carol)

    async with following(room.house, room.bob, identify(room.id)) as cable:
        await cable.follow(identify(other.id))
        there = await room.house.message(other, carol, "there")
        here = await room.say("here")
        heard = {f["identifier"]: f["message"]["message"] for f in await cable.take(2)}

    assert heard == {identify(other.id): there, identify(room.id): here}


async def test_who_has_not_subscribed_hears_nothing(room: Room) -> None:
    async with (
        welcomed(room.house, room.bob) as silent,
        following(room.house, room.bob, identify(room.id)) as listening,
    ):
        await room.say("Hello")
        await listening.next_of(None)
        assert await silent.meanwhile() == []


NO_CHANNELS = [
    "",
    "nonsense",
    "null",
    "5",
    "[]",
    "{}",
    '"ConversationsChannel"',
    '{"channel":5}',
    '{"channel":null,"conversation_id":1}',
    '{"channel":"ApplicationCable::Channel","conversation_id":1}',
    '{"channel":"conversationschannel","conversation_id":1}',
    '{"channel":"$pubsub","stream_name":"conversation:1"}',
    '{"channel":"ConversationsChannel"}',
    '{"channel":"ConversationsChannel","conversation_id":1,"x":"%s"}' % ("x" * 1024),
    '{"channel":"ConversationsChannel","conversation_id":1',
    *[
        f'{{"channel":"ConversationsChannel","conversation_id":{id}}}'
        for id in ("null", "true", "1.0", "-1", "0", "[1]", '{"id":1}', '""', '"abc"')
    ],
    *[
        f'{{"channel":"ConversationsChannel","conversation_id":{id}}}'
        for id in ('"01"', '" 1"', '"1 "', '"+1"', '"1_0"', '"\u0661"', "9" * 30, "1e0", "NaN")
    ],
]


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_what_names_no_channel_of_ours_is_rejected(room: Room, protocol: str) -> None:
    assert room.id == 1

    async with welcomed(room.house, room.bob, protocol) as cable:
        for identifier in NO_CHANNELS:
            assert await cable.subscribe(identifier) == rejection(identifier)
        await cable.follow(identify(room.id))


async def test_a_stranger_is_rejected_and_stays_connected(room: Room) -> None:
    carol = await room.house.person("carol")
    own = await room.house.conversation(carol, room.alice)

    async with welcomed(room.house, carol) as cable:
        for conversation_id in (room.id, room.id + 1000):
            identifier = identify(conversation_id)
            assert await cable.subscribe(identifier) == rejection(identifier)
        await cable.follow(identify(own.id))
        await room.say("not for carol")
        mine = await room.house.message(own, carol, "for carol")
        assert messages_in([await cable.next()]) == [mine]


async def test_each_retry_of_a_rejected_subscription_is_answered_anew(room: Room) -> None:
    carol = await room.house.person("carol")
    identifier = identify(room.id + 1)

    async with welcomed(room.house, carol) as cable:
        for _ in range(3):
            assert await cable.subscribe(identifier) == rejection(identifier)
        assert (await room.house.conversation(carol, room.bob)).id == room.id + 1
        assert await cable.subscribe(identifier) == confirmation(identifier)


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_second_subscribe_is_ignored_pending_or_confirmed(
    room: Room, protocol: str
) -> None:
    identifier = identify(room.id)

    async with welcomed(room.house, room.bob, protocol) as cable:
        for _ in range(3):
            await cable.command("subscribe", identifier)
        assert await cable.meanwhile() == [confirmation(identifier)]
        await cable.command("subscribe", identifier)
        assert await cable.meanwhile() == []
        first, second = await room.say("first"), await room.say("second")
        assert messages_in(await cable.take(2)) == [first, second]


async def test_after_an_unsubscribe_there_is_silence_and_a_new_confirmation(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier) as cable,
        following(room.house, room.bob, identifier) as other,
    ):
        await cable.command("unsubscribe", identifier)
        assert await cable.meanwhile() == []
        await room.say("unheard")
        await other.next_of(None)
        assert await cable.meanwhile() == []
        await cable.follow(identifier)
        heard = await room.say("heard")
        assert messages_in([await cable.next()]) == [heard]


async def test_an_unsubscribe_ends_its_own_identifier_only(room: Room) -> None:
    number, text = identify(room.id), identify(str(room.id))

    async with following(room.house, room.bob, number) as cable:
        await cable.follow(text)
        await cable.command("unsubscribe", number)
        for n in range(2):
            said = await room.say(f"message {n}")
            frame = await cable.next()
            assert (frame["identifier"], messages_in([frame])) == (text, [said])


async def test_commands_run_in_order_and_an_unsubscribe_before_what_follows(room: Room) -> None:
    identifier = identify(room.id)

    async with welcomed(room.house, room.bob) as cable:
        await cable.perform(identifier, "speak", body="too early")
        await cable.command("subscribe", identifier)
        await cable.perform(identifier, "speak", body="in time")
        await cable.command("unsubscribe", identifier)
        await cable.perform(identifier, "speak", body="too late")
        await cable.meanwhile()

    history = (await room.alice.client.get(room.path)).json()["messages"]
    assert [message["body"] for message in history] == ["in time"]


async def test_the_exact_frame_of_a_message(room: Room) -> None:
    """Nothing but what the base protocol knows, and exactly the event's data inside."""
    async with following(room.house, room.bob, identify(room.id)) as cable:
        said = await room.say("Grüße \U0001f600")
        frame = await cable.next()

    assert frame == {"identifier": identify(room.id), "message": {"message": said}}
