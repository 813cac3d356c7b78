"""Finding what was said, and going there; and where one begins to read."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.factories import House
from tests.web.conftest import Visit
from tests.web.test_scrolling import LONG, long_conversation, message

MARKUP = "The <b>bold</b> ñandú 😀 needle & its <mark>frame</mark>"


async def find(page: Page, words: str) -> None:
    await expect(page.get_by_role("button", name="New conversation")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.get_by_label("Words to find").fill(words)


async def test_what_is_found_is_marked_where_it_stands_and_stays_text(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    await live_house.message(conversation, bob, "x" * 500 + f" {MARKUP} " + "y" * 500)
    page = (await visit(alice)).page
    await find(page, "needle nandu frame")

    hit = page.get_by_role("list", name="Messages found").get_by_role("button")
    await expect(hit.locator("mark")).to_have_text(["ñandú", "needle", "frame"])
    await expect(hit).to_contain_text(MARKUP)
    await expect(hit.locator("b")).to_have_count(0)


async def test_one_goes_to_what_was_found_and_reads_on_from_there_both_ways(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    id = await long_conversation(live_house, alice, bob)
    await alice.client.put(f"/conversations/{id}/read", json={"seq": LONG})
    page = (await visit(alice, f"/#/conversations/{id}")).page
    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()
    await find(page, "message 300")
    await page.get_by_role("button", name="Message 300").click()

    await expect(message(page, "Message 300")).to_be_in_viewport()
    await expect(page.locator(".is-found")).to_contain_text("Message 300")
    await expect(page).to_have_url(f"{live_house.base_url}/#/conversations/{id}?at=300")
    await scroll_to(page, "Message 200", -1_200)
    await scroll_to(page, "Message 400", 1_200)
    await page.get_by_role("button", name="Jump to the newest").click()
    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()

    await page.reload()

    await expect(message(page, "Message 300")).to_be_in_viewport()


async def scroll_to(page: Page, body: str, step: int) -> None:
    await page.locator(".scroller").hover()
    for _ in range(LONG):
        if await message(page, body).is_visible():
            return
        await page.mouse.wheel(0, step)
    raise AssertionError(f"{body} never came")


async def test_a_search_is_narrowed_and_goes_on(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob", name="Bob")
    carol = await live_house.person("carol")
    here = await live_house.conversation(alice, bob)
    there = await live_house.conversation(alice, carol)
    for number in range(25):
        await live_house.message(here, bob, f"Apples {number}")
    await live_house.message(here, alice, "Apples of mine")
    await live_house.message(there, carol, "Apples elsewhere")
    page = (await visit(alice, f"/#/conversations/{here.id}")).page
    await expect(message(page, "Apples of mine")).to_be_visible()
    await page.locator(".scroller").focus()
    await page.keyboard.press("/")
    await page.get_by_label("Words to find").fill("apples")
    hits = page.get_by_role("list", name="Messages found").get_by_role("listitem")
    await expect(hits).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(hits).to_have_count(27)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()

    await page.get_by_label("Where").select_option("This conversation")
    await page.get_by_label("From whom").select_option("From you")
    await expect(hits).to_have_count(1)
    await expect(hits).to_contain_text("Apples of mine")
    await page.get_by_label("With a file").check()
    await expect(page.get_by_text("No message has these words.")).to_be_visible()


async def test_one_begins_to_read_where_one_had_stopped(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    id = await long_conversation(live_house, alice, bob)
    await alice.client.put(f"/conversations/{id}/read", json={"seq": 400})
    page = (await visit(alice, f"/#/conversations/{id}")).page

    await expect(message(page, "Message 401")).to_be_in_viewport()
    await expect(page.locator(".unread-mark + .message")).to_contain_text("Message 401")
    await expect(message(page, f"Message {LONG}")).to_have_count(0)
    await page.get_by_role("button", name="Jump to the newest").click()
    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()


async def test_one_stays_there_when_the_list_comes_later(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    id = await long_conversation(live_house, alice, bob)
    await alice.client.put(f"/conversations/{id}/read", json={"seq": 400})
    page = (await visit(alice)).page
    await expect(page.get_by_role("link", name="Bob")).to_be_visible()
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/conversations", hold)
    await page.goto(f"/?again#/conversations/{id}")
    await expect(message(page, "Message 401")).to_be_in_viewport()
    async with page.expect_response("**/conversations"):
        may_come.set()
    await bob.client.post(f"/conversations/{id}/messages", json={"body": "Hello"})

    await expect(page.locator(".conversations .last")).to_have_text("Hello")
    await expect(message(page, "Message 401")).to_be_in_viewport()
