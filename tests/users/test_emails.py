"""Whose e-mail is shown to whom."""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.factories import House, Person
from tests.houses import house_with


async def answers_about_others(alice: Person, bob: Person) -> list[str]:
    """Everything that Alice can read in which Bob appears."""
    started = await alice.client.post("/conversations", json={"participant_ids": [bob.id]})
    path = f"/conversations/{started.json()['id']}"
    await bob.client.post(f"{path}/messages", json={"body": "Hello"})
    read = [
        await alice.client.get(address)
        for address in ("/conversations", path, f"{path}/messages", "/users?query=bob")
    ]
    assert all(answer.is_success for answer in read)
    return [answer.text for answer in (started, *read)]


async def test_ones_own_email_is_shown_to_oneself_only(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    answers = await answers_about_others(alice, bob)

    assert not any("bob@example.com" in answer for answer in answers)
    assert (await bob.client.get("/users/me")).json()["email"] == "bob@example.com"
    assert sum("alice@example.com" in answer for answer in answers) == 3


async def test_the_key_stays_with_null(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)

    opened = await alice.client.get(f"/conversations/{conversation.id}")

    emails = {user["username"]: user["email"] for user in opened.json()["participants"]}
    assert emails == {"alice": "alice@example.com", "bob": None}


async def test_a_trusted_team_may_see_them(settings: Settings, engine: AsyncEngine) -> None:
    async with house_with(settings, engine, show_emails=True) as house:
        alice, bob = await house.person("alice"), await house.person("bob")

        started, listed, opened, messages, found = await answers_about_others(alice, bob)

    for answer in (started, listed, opened):
        assert "bob@example.com" in answer
        assert "alice@example.com" in answer
    assert "bob@example.com" not in messages + found
