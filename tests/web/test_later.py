"""What is seldom opened comes when it is, and says so if it cannot."""

import re

from playwright.async_api import expect

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
