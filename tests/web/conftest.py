"""People at their browsers: one Chromium for all tests, and a context for each person."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, async_playwright

from tests.factories import House
from tests.web.browsing import Visitor, visiting

Visit = Callable[..., Awaitable[Visitor]]

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's: playwright would download one of its own."""
    if _CHROMIUM is None:
        pytest.skip("There is no Chromium here (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def visit(browser: Browser, live_house: House) -> AsyncIterator[Visit]:
    """`await visit()` is somebody who has opened the client."""
    async with visiting(browser, live_house.base_url) as visit:
        yield visit
