"""Those who ask, in the access matrix, and what of the owner's they ask for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from secrets import token_hex

import httpx
from sqlalchemy import func, text

from app.auth.access import NOWHERE, digest
from app.auth.actions import TokenWish
from app.invites import actions as invites
from app.invites.schemas import InviteDraft
from app.models import Attachment, AttachmentState, Conversation, Scope
from tests.factories import House, Person
from tests.operations import operation


class Actor(StrEnum):
    NOBODY = "nobody"
    STRANGER = "stranger"
    MEMBER = "member"
    FORMER = "former"
    OWNER = "owner"
    READ_ONLY = "read-only"


@dataclass
class Cast:
    """`ids` are what paths name. `reader` is a token of the owner's that only reads."""

    house: House
    owner: Person
    member: Person
    former: Person
    stranger: Person
    reader: str
    conversation: Conversation
    ids: dict[str, int | str]

    def headers(self, actor: Actor) -> dict[str, str]:
        """How they show who they are."""
        match actor:
            case Actor.NOBODY:
                return {}
            case Actor.READ_ONLY:
                return {"authorization": f"Bearer {self.reader}"}
        person: Person = getattr(self, actor)
        return {"cookie": person.cookie}

    def client(self, actor: Actor) -> httpx.AsyncClient:
        client = self.house.client()
        client.headers.update(self.headers(actor))
        return client


async def cast(house: House) -> Cast:
    """People with the ids that the examples of the document speak of."""
    async with house.session() as session:
        # Those who sign up meanwhile get other ids.
        await session.execute(text("SELECT setval(pg_get_serial_sequence('users', 'id'), 1000)"))
    names = ("alice", "bob", "mallory", "dave", "erin")
    owner, member, stranger, former, other = [
        await house.person(name, id=id) for id, name in enumerate(names, 1)
    ]
    async with house.session() as session:
        await session.execute(text("UPDATE users SET username = NULL"))
    conversation = await house.conversation(owner, member, former, other)
    await house.message(conversation, former, "Hello")
    await leave(house, conversation, former)
    ids, reader = await _belongings(house, owner)
    ids |= await _places(house, conversation, owner, other)
    return Cast(house, owner, member, former, stranger, reader, conversation, ids)


async def _places(
    house: House, group: Conversation, owner: Person, other: Person
) -> dict[str, int | str]:
    """The group, another member, an invite whose token is that of the example, and a message."""
    message = await house.message(group, owner, "Hello, Bob!")
    async with house.session() as session:
        invite, _ = await invites.create(session, group, owner.user, InviteDraft())
        invite.digest = digest(operation("accept_invite").example["token"])
    ids: dict[str, int | str] = {
        "conversation_id": group.id,
        "user_id": other.id,
        "invite_id": invite.id,
    }
    ids |= {"message_id": message["id"], "emoji": "👍"}
    return ids | {"attachment_id": await _picture(house, owner, message["id"])}


async def _picture(house: House, owner: Person, message_id: int) -> int:
    """In that message, and with a thumbnail, though it is none."""
    key = token_hex(16)
    for name in (f"{key}.image", f"{key}.thumbnail"):
        await house.state["storage"].put(name, _bytes())
    async with house.session() as session:
        picture = Attachment(
            user_id=owner.id,
            message_id=message_id,
            key=key,
            state=AttachmentState.READY,
            name="picture.png",
            content_type="image/png",
            size=7,
            thumbnail_type="image/jpeg",
            thumbnail_size=7,
            updated_at=func.now(),
        )
        session.add(picture)
        await session.flush()
    return picture.id


async def _bytes() -> AsyncIterator[bytes]:
    yield b"picture"


async def leave(house: House, conversation: Conversation, person: Person) -> None:
    async with house.session() as session:
        await session.execute(
            text("DELETE FROM participants WHERE conversation_id = :id AND user_id = :user_id"),
            {"id": conversation.id, "user_id": person.id},
        )


async def _belongings(house: House, owner: Person) -> tuple[dict[str, int | str], str]:
    """What is one person's alone, and a token of theirs that only reads."""
    desk, wish = house.state["front_desk"], TokenWish("Nightly report", Scope.READ, None)
    async with house.session() as session:
        give = partial(desk.give_token, session, owner.user, NOWHERE, wish)
        token, reader = await give(), await give()
        laptop = await desk.admit(session, owner.user, NOWHERE)
    return {"login_id": laptop.login.id, "token_id": token.login.id}, reader.credential
