"""The API's explorer, in a browser: one signs in on the page, and then sends a message from it."""

from playwright.async_api import Locator, expect

from tests.factories import PASSWORD, House
from tests.web.conftest import Visit


async def execute(operation: Locator, *, status: int) -> Locator:
    """Answers what the server answered."""
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    await expect(answer.locator(".response-col_status")).to_contain_text(str(status))
    return answer


async def test_one_signs_in_and_sends_a_message_from_the_page(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    page = (await visit(path="/docs")).page
    sign_in = page.locator("#operations-auth-sign_in")
    post = page.locator("#operations-messages-post_message")

    await post.locator(".opblock-summary-control").click()
    await post.get_by_placeholder("conversation_id").fill(str(conversation.id))
    await execute(post, status=401)
    await sign_in.locator(".opblock-summary-control").click()
    words = await sign_in.locator("textarea.body-param__text").input_value()
    await sign_in.locator("textarea.body-param__text").fill(words.replace("secret123", PASSWORD))
    await execute(sign_in, status=200)
    answer = await execute(post, status=201)

    await expect(answer).to_contain_text("Hello, Bob!")
    said = (await bob.client.get(f"/conversations/{conversation.id}/messages")).json()["messages"]
    assert [message["body"] for message in said] == ["Hello, Bob!"]
