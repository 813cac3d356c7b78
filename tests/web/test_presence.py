"""Who types, who has read how far, and who is here, as the others see it."""

from playwright.async_api import Browser, expect

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import House
from tests.houses import changed
from tests.presence.watching import HASTE
from tests.web.browsing import visiting
from tests.web.conftest import Visit
from tests.web.test_acting import beside


async def test_typing_shows_until_the_message_is_there(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house)
    typing = bob.page.locator("p.typing")
    await expect(typing).to_be_empty()

    await alice.composer.press_sequentially("Hel")

    await expect(typing).to_have_text("Alice is typing …")
    await expect(bob.page.get_by_role("link", name="Alice")).to_contain_text("Alice is typing …")
    await expect(alice.page.locator("p.typing")).to_be_empty()
    await alice.composer.press("Enter")
    await bob.sees("Nice weather", "Hel")
    await expect(typing).to_be_empty()


async def test_who_is_here_has_a_dot_and_who_has_gone_was_seen(
    browser: Browser, live_house: House, settings: Settings
) -> None:
    """In a house where that is told at once; `live_house` clears up behind it."""
    async with (
        serve(changed(settings, **HASTE)) as house,
        visiting(browser, house.base_url) as visit,
    ):
        alice, bob = await beside(visit, house)
        head = alice.page.locator(".head")
        await expect(head).to_contain_text("Online")
        await expect(head.get_by_role("img", name="online")).to_be_visible()
        await expect(alice.page.get_by_role("link", name="online Bob")).to_be_visible()

        await bob.page.goto("about:blank")

        await expect(head).to_contain_text("Last seen today at")
        await expect(head.get_by_role("img", name="online")).to_have_count(0)


LOOK = """(isAway) => {
  Object.defineProperty(document, "hidden", { value: isAway, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_who_has_not_looked_for_half_a_minute_is_away_until_they_do(
    browser: Browser, live_house: House, settings: Settings
) -> None:
    async with (
        serve(changed(settings, **HASTE)) as house,
        visiting(browser, house.base_url) as visit,
    ):
        alice, bob = await beside(visit, house)
        head = alice.page.locator(".head")
        await bob.page.clock.install()
        await bob.page.reload()
        await bob.sees("Nice weather")
        await expect(head).to_contain_text("Online")

        await bob.page.evaluate(LOOK, True)
        async with bob.page.expect_request("**/events?away=true"):
            await bob.page.clock.fast_forward(30_000)

        await expect(head).to_contain_text("Away")
        await bob.page.evaluate(LOOK, False)
        await expect(head).to_contain_text("Online")


async def test_what_is_seen_is_read_and_the_author_learns_it(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await beside(visit, live_house)
    seen = alice.message("Nice weather").locator(".seen")
    await expect(seen).to_have_text("Seen")
    await bob.page.goto("/#/")
    await alice.say("Are you there?")
    unread = bob.page.get_by_role("img", name="1 unread")
    await expect(unread).to_be_visible()
    await expect(alice.page.locator(".seen")).to_have_count(0)

    await bob.open("Alice")

    await expect(alice.message("Are you there?").locator(".seen")).to_have_text("Seen")
    await expect(unread).to_have_count(0)
    await alice.choose("Are you there?", "Seen by …")
    await expect(alice.page.get_by_role("dialog", name="Seen by")).to_contain_text("Bob")


async def test_what_is_marked_unread_stays_so_until_one_comes_anew(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await beside(visit, live_house)
    await alice.say("Two", "Three")
    await bob.sees("Nice weather", "Two", "Three")
    await expect(alice.message("Three").locator(".seen")).to_have_text("Seen")
    unread = bob.page.get_by_role("img", name="2 unread")

    await bob.choose("Two", "Mark unread")

    await expect(unread).to_be_visible()
    await expect(bob.page.locator(".unread-mark + .message")).to_contain_text("Two")
    await bob.page.goto("/#/")
    await bob.open("Alice")
    await expect(unread).to_have_count(0)
