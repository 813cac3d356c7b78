"""The door of /cable: which protocol is spoken, by whom, and from where."""

import pytest
from websockets.exceptions import InvalidStatus

from app.kit.settings import Settings
from tests.answers import refusal
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.action_cable.sockets import (
    EXT,
    RAILS,
    UNSUPPORTED,
    V1,
    identify,
    open_socket,
    welcomed,
)
from tests.realtime.sockets import Room


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (RAILS, V1),
        ((V1,), V1),
        ((EXT,), EXT),
        ((EXT, V1), EXT),
        ((V1, EXT), V1),
        ((UNSUPPORTED,), UNSUPPORTED),
        ((UNSUPPORTED, V1), UNSUPPORTED),
        (("anycable-token.abc", EXT), EXT),
        ((EXT, "anycable-token.abc"), EXT),
        ((*RAILS, "actioncable-ext-pong"), V1),
        ((), None),
        (("graphql-ws", "mqtt"), None),
    ],
)
async def test_the_first_protocol_that_we_know_is_chosen(
    room: Room, offered: tuple[str, ...], chosen: str | None
) -> None:
    async with open_socket(room.house, room.bob, offered) as cable:
        welcome = await cable.next()

    assert cable.socket.subprotocol == chosen
    assert welcome["type"] == "welcome"


@pytest.mark.parametrize("offered", [(), ("graphql-ws",), RAILS])
async def test_who_offers_nothing_that_we_know_speaks_the_base_protocol(
    room: Room, offered: tuple[str, ...]
) -> None:
    async with open_socket(room.house, room.bob, offered) as cable:
        assert await cable.next() == {"type": "welcome"}
        await cable.follow(identify(room.id))
        said = await room.say("Hello")
        assert await cable.next() == {
            "identifier": identify(room.id),
            "message": {"message": said},
        }


async def test_the_welcome_comes_once_and_first(room: Room) -> None:
    async with open_socket(room.house, room.bob) as cable:
        assert [await cable.next(), *await cable.meanwhile()] == [{"type": "welcome"}]


async def test_what_is_said_before_the_welcome_is_obeyed_after_it(room: Room) -> None:
    async with open_socket(room.house, room.bob) as cable:
        await cable.command("subscribe", identify(room.id))
        assert [frame["type"] for frame in await cable.take(2)] == [
            "welcome",
            "confirm_subscription",
        ]


async def test_a_bearer_token_signs_in_as_the_cookie_does(room: Room) -> None:
    token = room.bob.cookie.partition("=")[2]

    async with open_socket(room.house, None, authorization=f"Bearer {token}") as cable:
        assert await cable.next() == {"type": "welcome"}
        await cable.follow(identify(room.id))


@pytest.mark.parametrize("protocol", [V1, EXT])
@pytest.mark.parametrize("cookie", [None, "_chatflow_session=nonsense"])
async def test_nobody_is_let_in_told_so_and_told_to_stay_away(
    room: Room, protocol: str, cookie: str | None
) -> None:
    headers = {"cookie": cookie} if cookie else {}
    async with open_socket(room.house, None, (protocol,), **headers) as cable:
        first = await cable.next()
        code, _ = await cable.goodbye()

    assert first == {"type": "disconnect", "reason": "unauthorized", "reconnect": False}
    assert code == 1000


async def test_what_nobody_says_is_not_obeyed(room: Room) -> None:
    async with open_socket(room.house, None) as cable:
        await cable.command("subscribe", identify(room.id))
        assert (await cable.next())["type"] == "disconnect"
        await cable.goodbye()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
async def test_a_page_of_another_site_is_refused_before_the_upgrade(
    room: Room, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with open_socket(room.house, room.bob, origin=origin):
            pass
    assert refused.value.response.status_code == 403

    async with welcomed(room.house, room.bob, origin=room.house.base_url):
        pass


async def test_a_page_of_a_site_that_we_allow_is_welcome(settings: Settings, room: Room) -> None:
    friendly = changed(settings, allowed_origins=("https://friend.example",))

    async with (
        serve(friendly) as house,
        welcomed(house, room.bob, origin="https://friend.example"),
    ):
        pass


async def test_an_ordinary_request_is_told_that_this_is_no_page(room: Room) -> None:
    status, _ = refusal(await room.bob.client.get("/cable"))

    assert status in (404, 426)
