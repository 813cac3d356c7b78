"""`chatflow seed`: two people who have begun to chat."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import find_by_email
from app.cli import database
from app.cli.embedded import CannotStart
from app.conversations import actions as conversations
from app.kit.passwords import Passwords, Rules
from app.kit.settings import Settings
from app.messages import actions as messages
from app.messages.schemas import MessageDraft
from app.models import Conversation, User

PASSWORD = "secret123"  # noqa: S105  For everybody to know, and never in production.
TITLE = "Seed Chat"


async def seed(settings: Settings) -> str:
    """Make what is missing, change nothing, and tell what there is now.

    Raises: CannotStart
    """
    await database.migrate(settings)
    rules = Rules(settings.password_min_characters, settings.password_min_score)
    passwords = Passwords(settings.password_bcrypt_rounds, settings.password_threads, 2, rules)
    hashed = await passwords.hash(PASSWORD)
    async with database.unit_of_work(settings) as session:
        alice = await _person(session, "Alice", hashed)
        bob = await _person(session, "Bob", hashed)
        conversation = await conversations.open_direct(session, alice.id, bob.id, TITLE)
        await _say(session, conversation, alice, "Hey Bob!", "seed-1")
        await _say(session, conversation, bob, "Hi Alice!", "seed-2")
    lines = [await _sign_in_line(passwords, user) for user in (alice, bob)]
    passwords.close()
    return "\n".join([*lines, f"Their conversation has the id {conversation.id}."])


async def _person(session: AsyncSession, name: str, hashed: str) -> User:
    username = name.lower()
    email = f"{username}@example.com"
    new = insert(User).values(email=email, username=username, name=name, encrypted_password=hashed)
    # It waits for another seeding at the same moment, and then inserts nothing.
    await session.execute(new.on_conflict_do_nothing())
    user = await find_by_email(session, email)
    if user is None:
        raise CannotStart(f"The username {username} belongs to somebody else here.")
    return user


async def _say(
    session: AsyncSession, conversation: Conversation, author: User, body: str, key: str
) -> None:
    """The key makes it one message, however often it is said."""
    draft = MessageDraft(body=body, client_id=key)
    await messages.post_within(session, conversation.id, author.id, draft)


async def _sign_in_line(passwords: Passwords, user: User) -> str:
    verdict = await passwords.verify(PASSWORD, user.encrypted_password)
    password = PASSWORD if verdict.is_right else "(another password by now)"
    return f"{user.email:<18}  {password}"
