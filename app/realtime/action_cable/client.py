"""One client of Action Cable, from its welcome to its farewell."""

import asyncio
from collections.abc import Awaitable, Callable

from app.auth.access import ReadOnly
from app.realtime import closing
from app.realtime.action_cable import frames
from app.realtime.action_cable.actions import refuse
from app.realtime.action_cable.attendance import Attendance
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.history import read_history
from app.realtime.action_cable.holding import released_in_time
from app.realtime.action_cable.protocol import Command, Malformed, decode_command, decode_object
from app.realtime.action_cable.sessions import Session
from app.realtime.action_cable.subscriptions import Subscriptions

Obey = Callable[["Client", Command], Awaitable[None]]


class Client:
    """`session` is that of the extended protocol."""

    def __init__(self, caller: Caller, session: Session | None) -> None:
        self._caller = caller
        self._session = session
        self._subscriptions = Subscriptions(caller, session)
        self._attendance = Attendance(caller)
        self._commands = _BASE if session is None else _EXTENDED
        self._mistakes = 0
        self._mistakes_max = caller.house.settings.socket_mistakes_max
        self._turn = asyncio.Lock()

    async def serve(self, old_sid: str | None) -> None:
        """The commands of one connection run in order, one at a time."""
        try:
            await self._welcome(old_sid)
            async with released_in_time(self._caller, self._subscriptions, self._turn):
                async for text in self._caller.connection.texts():
                    async with self._turn:
                        await self._obey(text)
        finally:
            self._attendance.depart()
            await self._subscriptions.close()

    async def _welcome(self, old_sid: str | None) -> None:
        welcome = frames.control("welcome")
        if self._session is not None:
            kept = await self._caller.house.cable_sessions.recall(self._caller.user_id, old_sid)
            ids = await self._subscriptions.restore(kept)
            restored = {"restored": True, "restored_ids": ids} if ids else {}
            welcome = frames.control("welcome", sid=self._session.sid, **restored)
        self._caller.connection.send(welcome)

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
        is_extended = self._session is not None
        history = read_history(command.body.get("history")) if is_extended else None
        if await self._subscriptions.subscribe(command.identifier, history):
            self._caller.connection.refund()
            if is_extended and command.body.get("presence") is not None:
                await self._join(command)

    async def _unsubscribe(self, command: Command) -> None:
        await self._attendance.leave(command.identifier)
        await self._subscriptions.unsubscribe(command.identifier)

    async def _perform(self, command: Command) -> None:
        data = decode_object(command.body.get("data"))
        if (channel := self._subscriptions.find(command.identifier)) is not None:
            await channel.perform(data)

    async def _whisper(self, command: Command) -> None:
        if (channel := self._subscriptions.find(command.identifier)) is not None:
            await channel.whisper(command.body.get("data"))

    async def _replay(self, command: Command) -> None:
        if self._subscriptions.is_held(command.identifier):
            self._caller.connection.refund()
        history = read_history(command.body.get("history"))
        await self._subscriptions.replay(command.identifier, history)

    async def _join(self, command: Command) -> None:
        """Others hear of it, as of typing."""
        if (topic := self._topic_of(command)) is None:
            return
        try:
            self._caller.signed_in.must_write()
        except ReadOnly as error:
            refuse(self._caller, command.identifier, error)
            return
        if await self._attendance.join(command.identifier, topic):
            self._caller.connection.refund()

    async def _leave(self, command: Command) -> None:
        await self._attendance.leave(command.identifier)

    async def _show_presence(self, command: Command) -> None:
        """Whoever asks keeps the answer, also when restored, and then does not know who came and
        went meanwhile. So this subscription is not restored: the client starts it anew, and asks.
        """
        if (topic := self._topic_of(command)) is None:
            return
        wanted = command.body.get("data")
        with_records = not isinstance(wanted, dict) or wanted.get("return_records") is not False
        await self._subscriptions.forget(command.identifier)
        await self._attendance.show(command.identifier, topic, with_records)

    def _topic_of(self, command: Command) -> str | None:
        channel = self._subscriptions.find(command.identifier)
        return None if channel is None else channel.topic

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
    "join": Client._join,
    "leave": Client._leave,
    "presence": Client._show_presence,
    "ping": Client._answer_ping,
}
