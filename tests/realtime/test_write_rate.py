"""How often somebody may write over a socket: they have one count, whichever way they come."""

from app.kit.settings import Settings
from tests.answers import refusal
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.action_cable.sockets import following, identify
from tests.realtime.sockets import Room, open_cable


async def test_a_socket_is_no_way_around(settings: Settings, room: Room) -> None:
    async with serve(changed(settings, rate_limits=True, write_rate="2/minute")) as house:
        async with open_cable(house, room.bob, room.id) as cable:
            for body in ("one", "two"):
                reply = await cable.ask(type="message.create", body=body)
                assert reply["status"] == 201
            late = await cable.ask(type="message.create", body="three")
            assert (late["status"], late["body"]["code"]) == (429, "too_many")
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


async def test_reading_along_takes_nothing_from_writing(settings: Settings, room: Room) -> None:
    pace = {"write_rate": "1/minute", "mark_rate": "4/minute"}
    async with serve(changed(settings, rate_limits=True, **pace)) as house:
        read = f"/conversations/{room.id}/read"
        cookie = {"Cookie": room.bob.cookie}
        async with open_cable(house, room.bob, room.id) as cable:
            for kind in ("read", "unread", "delivered"):
                assert (await cable.ask(type=kind, seq=0))["status"] == 200
            over_http = await house.client().put(read, json={"seq": 0}, headers=cookie)
            assert over_http.status_code == 200
            late = await cable.ask(type="read", seq=0)
            assert (late["status"], late["body"]["code"]) == (429, "too_many")
            assert (await cable.ask(type="message.create", body="one"))["status"] == 201
        refused = await house.client().put(read, json={"seq": 0}, headers=cookie)
        assert refusal(refused) == (429, "too_many")
