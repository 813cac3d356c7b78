"""One client of Action Cable, from its welcome to its farewell."""

from collections.abc import Awaitable, Callable

from app.realtime import closing
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.history import read_history
from app.realtime.action_cable.protocol import Command, Malformed, decode_command, decode_object
from app.realtime.action_cable.subscriptions import Subscriptions

Obey = Callable[["Client", Command], Awaitable[None]]


class Client:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._subscriptions = Subscriptions(caller)
        self._commands = _EXTENDED if caller.is_extended else _BASE
        self._mistakes = 0
        self._mistakes_max = caller.house.settings.socket_mistakes_max

    async def serve(self) -> None:
        """The commands of one connection run in order, one at a time."""
        connection = self._caller.connection
        connection.send(frames.control("welcome"))
        try:
            async for text in connection.texts():
                await self._obey(text)
        finally:
            await self._subscriptions.close()

    async def _obey(self, text: str) -> None:
        """What means nothing is ignored, until it has been too much."""
        try:
            command = decode_command(text)
            if command.name not in self._commands:
                raise Malformed
            await self._commands[command.name](self, command)
        except Malformed:
            self._mistakes += 1
            if self._mistakes > self._mistakes_max:
                self._caller.connection.end(closing.MALFORMED)
        else:
            self._mistakes = 0

    async def _subscribe(self, command: Command) -> None:
        channel = await self._subscriptions.subscribe(command.identifier)
        if channel is None:
            return
        self._caller.connection.refund()
        if self._caller.is_extended and "history" in command.body:
            await self._replay(command)
        else:
            await channel.resume({})

    async def _unsubscribe(self, command: Command) -> None:
        await self._subscriptions.unsubscribe(command.identifier)

    async def _perform(self, command: Command) -> None:
        data = decode_object(command.body.get("data"))
        if (channel := self._subscriptions.find(command.identifier)) is not None:
            await channel.perform(data)

    async def _whisper(self, command: Command) -> None:
        if (channel := self._subscriptions.find(command.identifier)) is not None:
            await channel.whisper(command.body.get("data"))

    async def _replay(self, command: Command) -> None:
        history = read_history(command.body.get("history"))
        await self._subscriptions.replay(command.identifier, history)

    async def _answer_ping(self, command: Command) -> None:
        self._caller.connection.send(frames.control("pong"))

    async def _take_pong(self, command: Command) -> None:
        """The pings of WebSocket find out who is gone."""


_BASE: dict[str, Obey] = {
    "subscribe": Client._subscribe,
    "unsubscribe": Client._unsubscribe,
    "message": Client._perform,
    "whisper": Client._whisper,
    "pong": Client._take_pong,
}
_EXTENDED: dict[str, Obey] = _BASE | {
    "history": Client._replay,
    "ping": Client._answer_ping,
}
