"""What somebody sees when the connection goes and comes back: exactly the log, and each once."""

from playwright.async_api import Browser, Route, expect

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import House, Person
from tests.houses import unused_port
from tests.web.browsing import Visitor, visiting
from tests.web.conftest import Visit


async def beside(visit: Visit, alice: Person, bob: Person) -> tuple[Visitor, Visitor]:
    """Both in their conversation."""
    one, other = await visit(alice), await visit(bob)
    await one.start("bob")
    await one.say("Before")
    await other.open("Alice")
    await other.sees("Before")
    return one, other


async def bodies(person: Person, conversation_id: int) -> list[str]:
    """As the log has them."""
    page = await person.client.get(f"/conversations/{conversation_id}/messages")
    return [message["body"] for message in page.json()["messages"]]


async def test_a_server_that_was_away_is_resumed_from_where_one_was(
    browser: Browser, live_house: House, settings: Settings
) -> None:
    """`live_house` is another server of the same house, where bob speaks meanwhile."""
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    port = unused_port()
    async with visiting(browser, f"http://127.0.0.1:{port}") as visit:
        async with serve(settings, port=port):
            page = await visit(alice, path=f"/#/conversations/{conversation.id}")
            await page.say("Before")
            await page.sees("Before")

        await expect(page.banner).to_contain_text("The connection to ChatFlow is lost")
        await live_house.message(conversation, bob, "Meanwhile")
        await page.say("One", "Two")
        await expect(page.banner).to_contain_text("2 messages wait to be sent")

        async with serve(settings, port=port):
            await page.sees("Before", "Meanwhile", "One", "Two")
            await expect(page.banner).to_be_empty()
            await live_house.message(conversation, bob, "After")
            await page.sees("Before", "Meanwhile", "One", "Two", "After")

    assert await bodies(bob, conversation.id) == ["Before", "Meanwhile", "One", "Two", "After"]


async def test_what_is_written_offline_goes_out_in_order_and_once(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    one, other = await beside(visit, alice, bob)

    await one.page.context.set_offline(True)
    await expect(one.banner).to_contain_text("You are offline")
    await one.say("One", "Two", "Three")
    await expect(one.page.locator(".is-pending")).to_have_count(3)
    await other.say("Meanwhile")
    await other.sees("Before", "Meanwhile")
    await one.page.context.set_offline(False)

    await one.sees("Before", "Meanwhile", "One", "Two", "Three")
    await other.sees("Before", "Meanwhile", "One", "Two", "Three")
    await expect(one.banner).to_be_empty()


async def test_an_answer_that_was_lost_makes_no_second_message(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    one, other = await beside(visit, alice, bob)
    lost = 0

    async def lose_the_first(route: Route) -> None:
        nonlocal lost
        await route.fetch()
        if lost:
            await route.continue_()
        else:
            lost += 1
            await route.abort()

    await one.page.route("**/messages", lose_the_first)
    await one.say("Once")

    await other.sees("Before", "Once")
    await one.sees("Before", "Once")
    assert lost == 1


async def test_a_reload_keeps_what_is_unsent_and_what_is_half_written(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    one, other = await beside(visit, alice, bob)
    await one.page.route("**/messages", lambda route: route.abort())
    await one.say("Unsent")
    await one.composer.fill("Half a sen")
    await expect(one.page.locator(".is-pending .body")).to_have_text("Unsent")

    await one.page.reload()

    await expect(one.page.locator(".is-pending")).to_contain_text("Unsent")
    await expect(one.composer).to_have_value("Half a sen")
    await one.page.unroute("**/messages")
    await other.sees("Before", "Unsent")
    await one.sees("Before", "Unsent")


async def test_what_cannot_be_sent_says_why_and_may_be_tried_again(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    one, other = await beside(visit, alice, bob)
    refusal = {"error": "You may not do this", "code": "forbidden"}
    await one.page.route("**/messages", lambda route: route.fulfill(status=403, json=refusal))
    await one.say("Refused")
    await expect(one.page.get_by_role("alert")).to_contain_text("Not sent. You may not do this")

    await one.page.unroute("**/messages")
    await one.page.get_by_role("button", name="Try again").click()

    await other.sees("Before", "Refused")
    await one.sees("Before", "Refused")
