"""What is seldom opened comes when it is, and says so if it cannot."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.factories import House
from tests.web.conftest import Visit

LATER = re.compile("/(?:settings|details|searching|starting|pins)[./]")


async def test_settings_come_when_they_are_opened_first(visit: Visit, live_house: House) -> None:
    visitor = await visit(await live_house.person("alice"))
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await expect(page.get_by_text("You are in no conversation yet.")).to_be_visible()
    assert [url for url in asked if "/main.js" in url]
    assert not [url for url in asked if LATER.search(url)]

    await page.get_by_role("link", name="Settings of").click()
    await expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    assert [url for url in asked if LATER.search(url)]


async def test_what_cannot_come_says_so_and_comes_with_the_page(
    visit: Visit, live_house: House
) -> None:
    visitor = await visit(await live_house.person("alice"))
    page = visitor.page
    await page.route(LATER, lambda route: route.abort())

    await page.get_by_role("link", name="Settings of").click()
    await expect(page.get_by_text("This part could not be loaded.")).to_be_visible()

    await page.unroute(LATER)
    await page.get_by_role("button", name="Load again").click()
    await expect(page.get_by_role("heading", name="Profile")).to_be_visible()


async def test_a_window_that_comes_later_opens_once(visit: Visit, live_house: House) -> None:
    visitor = await visit(await live_house.person("alice"))
    await visitor.page.get_by_role("button", name="New conversation").dblclick()

    await expect(visitor.page.get_by_role("dialog")).to_have_count(1)


@pytest.mark.parametrize(
    ("module", "opener", "field", "found"),
    [
        ("searching", "Search messages", "Words to find", "Nice weather"),
        ("starting", "New conversation", "With whom?", "Bob"),
    ],
)
async def test_what_is_typed_before_a_window_is_all_there_is_not_lost(
    visit: Visit, live_house: House, module: str, opener: str, field: str, found: str
) -> None:
    alice = await live_house.person("alice")
    bob = await live_house.person("bob", name="Bob")
    await live_house.message(await live_house.conversation(alice, bob), bob, "Nice weather")
    page = (await visit(alice)).page
    await expect(page.get_by_role("link", name="Bob")).to_be_visible()
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route(re.compile(rf"/{module}\.js"), hold)
    async with page.expect_request(re.compile(rf"/{module}\.js")):
        await page.get_by_role("button", name=opener).click()
    await page.keyboard.type(found[:4].lower())
    await expect(page.get_by_label(field)).to_have_value(found[:4].lower())
    may_come.set()

    await expect(page.get_by_role("dialog").get_by_role("button", name=found)).to_be_visible()
    await expect(page.get_by_label(field)).to_have_value(found[:4].lower())
    await expect(page.get_by_label(field)).to_be_focused()
