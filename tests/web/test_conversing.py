"""Two people who have never seen ChatFlow sign up and talk."""

from playwright.async_api import expect

from tests.web.conftest import Visit


async def test_two_people_sign_up_and_hold_a_conversation(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    await alice.sign_up("alice")
    await bob.sign_up("bob")

    await alice.start("bob")
    await alice.say("Hello, Bob!")
    await bob.open("Alice")
    await bob.sees("Hello, Bob!")
    await bob.say("Hello, Alice!", "How are you?")

    await alice.sees("Hello, Bob!", "Hello, Alice!", "How are you?")
    await bob.sees("Hello, Bob!", "Hello, Alice!", "How are you?")
    await expect(alice.page.get_by_role("link", name="Bob")).to_contain_text("How are you?")
