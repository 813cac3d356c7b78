"""What somebody does and sees in the client, in the words that stand there."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from app.auth.access import SESSION_COOKIE
from tests.factories import PASSWORD, Person

# Generous: nothing here is about speed, and the machine may be busy.
PATIENCE_MS = 15_000
_REFUSED = re.compile("Content Security Policy|Trusted|Refused to", re.IGNORECASE)

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """Somebody at a page of their own browser."""

    page: Page
    mistakes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", self._note_error)
        self.page.on("console", self._note_words)

    def _note_error(self, error: Error) -> None:
        self.mistakes.append(error.message)

    def _note_words(self, message: ConsoleMessage) -> None:
        """That a server is away is no mistake of the page; that the policy refused it is."""
        if _REFUSED.search(message.text):
            self.mistakes.append(message.text)

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message .body")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message to"))

    @property
    def banner(self) -> Locator:
        return self.page.locator("#banner")

    async def sign_up(self, name: str, *, arrives: bool = True) -> None:
        """`arrives`: at the list, and not at whatever was asked for."""
        page = self.page
        await page.get_by_role("link", name="Create an account").click()
        await page.get_by_label("Your name").fill(name.title())
        await page.get_by_label("Username").fill(name)
        await page.get_by_label("E-mail").fill(f"{name}@example.com")
        await page.get_by_label("Password").fill("correct horse battery")
        await page.get_by_role("button", name="Create account").click()
        if arrives:
            await expect(page.get_by_role("button", name="New conversation")).to_be_visible()

    async def sign_in(self, name: str) -> None:
        """Of a person whom the factories have made."""
        await self.page.get_by_label("E-mail").fill(f"{name}@example.com")
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()

    async def start(self, *names: str) -> None:
        """A conversation with these."""
        page = self.page
        await page.get_by_role("button", name="New conversation").click()
        for name in names:
            await page.get_by_label("With whom?").fill(name)
            await page.get_by_role("button", name=f"@{name}").click()
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(self.composer).to_be_visible()

    async def open(self, title: str) -> None:
        await self.page.get_by_role("link", name=title).click()
        await expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    async def say(self, *bodies: str) -> None:
        for body in bodies:
            await self.composer.fill(body)
            await self.composer.press("Enter")

    def message(self, words: str) -> Locator:
        """The whole of it, with what stands around its words."""
        return self.page.locator(".message").filter(
            has=self.page.locator(".body", has_text=re.compile(f"^{re.escape(words)}"))
        )

    async def choose(self, words: str, item: str) -> None:
        """From the menu of a message, by the pointer."""
        await self.message(words).hover()
        await self.page.get_by_role("button", name="More").click()
        await self.page.get_by_role("menuitem", name=item, exact=True).click()

    async def choose_by_keys(self, words: str, item: str) -> None:
        """From the menu of the newest message, by the keyboard alone. Once sent it has one."""
        await expect(self.message(words)).to_have_attribute("data-seq", re.compile(r"\d"))
        await self._press_until_focused("Shift+Tab", self.message(words))
        await self.page.keyboard.press("Enter")
        wanted = self.page.get_by_role("menuitem", name=item, exact=True)
        await self._press_until_focused("ArrowDown", wanted)
        await self.page.keyboard.press("Enter")

    async def _press_until_focused(self, key: str, wanted: Locator) -> None:
        """Three times round: a row that is drawn anew may take the focus behind one's back."""
        for _ in range(60):
            if await wanted.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead there")

    async def sees(self, *bodies: str) -> None:
        """Exactly these, in this order, and all of them sent."""
        await expect(self.messages).to_have_text(list(bodies))
        await expect(self.page.locator(".is-pending")).to_have_count(0)


@asynccontextmanager
async def visiting(
    browser: Browser, base_url: str
) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Whatever went wrong in any of the pages fails the test."""
    visitors: list[Visitor] = []

    async def visit(person: Person | None = None, path: str = "/", **options: Any) -> Visitor:
        """Somebody who has just come, or a person who is signed in."""
        context = await browser.new_context(base_url=base_url, **options)
        if person is not None:
            cookie = person.client.cookies[SESSION_COOKIE]
            await context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": base_url}])
        visitor = Visitor(await context.new_page())
        visitors.append(visitor)
        await visitor.page.goto(path)
        return visitor

    yield visit
    for visitor in visitors:
        await visitor.page.context.close()
    assert [visitor.mistakes for visitor in visitors] == [[] for _ in visitors]
