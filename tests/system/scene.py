"""What is played while a fault happens: a conversation, and strangers who must not hear of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.system.intruder import Intruder
from tests.system.people import Seat, take_seats
from tests.system.room import Room
from tests.system.stage import Stage
from tests.system.subscribers import Subscriber
from tests.system.transports import TRANSPORTS, native
from tests.system.typist import typing
from tests.system.waiting import until


class Scene:
    """`room` is where the fault is felt; `outside` is another conversation, of other people."""

    def __init__(self, stage: Stage, room: Room, outside: Room) -> None:
        self.stage, self.room, self.outside = stage, room, outside
        self.rooms = (room, outside)
        at_the_door = Seat(stage.address, outside.listener.person, room.speaker.conversation_id)
        self.intruder = Intruder(at_the_door)

    async def go_on(self, messages: int = 20) -> None:
        """Until so many more have been acknowledged in the room."""
        wanted = len(self.room.ledger.acknowledged) + messages
        await until(lambda: len(self.room.ledger.acknowledged) >= wanted)

    async def everybody_has_everything(self) -> None:
        """All that has been acknowledged until now."""
        heads = [(room, room.ledger.head) for room in self.rooms]
        await until(lambda: all(room.has_heard(head) for room, head in heads))

    async def bell_rings(self) -> None:
        """Typing travels by the doorbell alone: who hears of it is reached by the bell again."""
        before = {one: one.typing for one in self.room.subscribers if one.hears_typing}
        async with typing(self.room.speaker):
            await until(lambda: all(one.typing > count for one, count in before.items()))

    async def end(self) -> None:
        """Everything that was begun is acknowledged, and everybody has heard it."""
        for room in self.rooms:
            for poster in room.posters:
                poster.is_over = True
        await until(lambda: all(poster.has_ended for room in self.rooms for poster in room.posters))
        with suppress(TimeoutError):  # The judge will say who lacks what.
            await self.everybody_has_everything()
            await until(lambda: self.intruder.was_refused)


@asynccontextmanager
async def raise_the_curtain(stage: Stage) -> AsyncIterator[Scene]:
    """Everybody is there, and speaks and listens until the end of the block."""
    seats, seats_outside = await take_seats(stage), await take_seats(stage)
    room = Room.of(seats, audience(seats[1]))
    outside = Room.of(seats_outside, [Subscriber(seats_outside[1], native)])
    scene = Scene(stage, room, outside)
    async with asyncio.TaskGroup() as tasks:
        listeners = [one for room in scene.rooms for one in room.subscribers]
        listening = [tasks.create_task(one.listen()) for one in listeners]
        listening.append(tasks.create_task(scene.intruder.knock()))
        await until(lambda: all(one.began_at is not None for one in listeners))
        for poster in room.posters + outside.posters:
            tasks.create_task(poster.speak())
        yield scene
        for task in listening:
            task.cancel()


def audience(seat: Seat) -> list[Subscriber]:
    """Half of them by the native socket; some never stay, and one changes transport each time."""
    return [
        *(Subscriber(seat, native) for _ in range(4)),
        *(Subscriber(seat, transport) for transport in TRANSPORTS if transport is not native),
        Subscriber(seat, *TRANSPORTS, restless=7),
    ]
