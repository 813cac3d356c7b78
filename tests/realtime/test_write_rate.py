"""How often somebody may write over a socket: they have one count, whichever way they come."""

from app.kit.settings import Settings
from tests.answers import refusal
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.action_cable.sockets import following, identify
from tests.realtime.sockets import Room, open_cable


async def test_a_socket_is_no_way_around(settings: Settings, room: Room) -> None:
    async with serve(changed(settings, rate_limits=True, write_rate="3/minute")) as house:
        async with open_cable(house, room.bob, room.id) as cable:
            for body in ("one", "two"):
                reply = await cable.ask(type="message.create", body=body)
                assert reply["status"] == 201
            assert (await cable.ask(type="read", seq=1))["status"] == 200
            late = [
                await cable.ask(type="message.create", body="three"),
                await cable.ask(type="read", seq=2),
            ]
            assert [(one["status"], one["body"]["code"]) for one in late] == [(429, "too_many")] * 2
            assert (await cable.ask(type="typing"))["status"] == 204
        async with following(house, room.bob, identify(room.id)) as bob:
            await bob.perform(identify(room.id), "speak", body="four", ref="r")
            refused = (await bob.next())["message"]
            assert (refused["status"], refused["code"]) == (429, "too_many")
        async with open_cable(house, room.alice, room.id) as cable:
            assert (await cable.ask(type="message.create", body="five"))["status"] == 201
        cookie = {"Cookie": room.bob.cookie}
        over_http = await house.client().post(room.path, json={"body": "six"}, headers=cookie)
        assert refusal(over_http) == (429, "too_many")

    history = (await room.alice.client.get(room.path)).json()["messages"]
    assert [message["body"] for message in history] == ["one", "two", "five"]
