"""Files in messages: chosen, pasted or dropped, on their way, and as the other one sees them."""

import asyncio
from typing import Any

from playwright.async_api import Browser, Locator, Page, Route, expect

from app.kit.settings import Settings
from tests.attachments.pictures import picture
from tests.conftest import serve
from tests.factories import House
from tests.houses import changed
from tests.jobs import run_jobs
from tests.web.browsing import Visitor, visiting
from tests.web.conftest import Visit

MINUTES = {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"What we agreed on.\n"}
PICTURE = {"name": "oak.png", "mimeType": "image/png", "buffer": picture(size=(400, 200))}

# As a browser does when somebody pastes, or drops, a file.
_HAND_OVER = """
(element, [type, name]) => {
  const data = new DataTransfer();
  data.items.add(new File(["What we agreed on."], name, { type: "text/plain" }));
  const given = type === "paste" ? { clipboardData: data } : { dataTransfer: data };
  const options = { bubbles: true, cancelable: true, ...given };
  const Kind = type === "paste" ? ClipboardEvent : DragEvent;
  element.dispatchEvent(new Kind(type, options));
}
"""


async def beside(visit: Visit, house: House) -> tuple[Visitor, Visitor]:
    """Alice and Bob in their conversation."""
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    path = f"/#/conversations/{conversation.id}"
    return await visit(alice, path), await visit(bob, path)


def tray(page: Page) -> Locator:
    return page.get_by_role("list", name="Files of this message").get_by_role("listitem")


async def choose(page: Page, *files: Any) -> None:
    await page.locator("input[type=file]").set_input_files(list(files))


async def uploaded(page: Page, count: int) -> None:
    await expect(tray(page)).to_have_count(count)
    await expect(page.get_by_role("progressbar")).to_have_count(0)


async def test_a_picture_and_a_file_go_in_one_message_and_take_their_place_at_once(
    visit: Visit, live_house: House
) -> None:
    one, other = await beside(visit, live_house)
    await choose(one.page, MINUTES, PICTURE)
    await uploaded(one.page, 2)
    await one.say("See this")

    for page in (one.page, other.page):
        await expect(page.get_by_role("link", name="minutes.txt 19 bytes")).to_be_visible()
        await expect(page.get_by_text("This picture is being made ready")).to_be_visible()
    await expect(tray(one.page)).to_have_count(0)
    before = await other.page.locator(".message").bounding_box()
    await run_jobs(live_house)

    small = other.page.get_by_role("button", name="oak.png")
    await expect(small.get_by_role("img")).to_have_js_property("complete", True)
    after = await other.page.locator(".message").bounding_box()
    assert before
    assert after
    assert after["height"] == before["height"], "what is below it did not move"
    await small.click()
    whole = other.page.get_by_role("dialog", name="oak.png").get_by_role("img")
    await expect(whole).to_have_js_property("naturalWidth", 400)
    await other.page.keyboard.press("Escape")
    async with other.page.expect_download() as download:
        await other.page.get_by_role("link", name="minutes.txt").click()
    assert (await download.value).suggested_filename == "minutes.txt"


async def test_files_are_pasted_and_dropped(visit: Visit, live_house: House) -> None:
    one, other = await beside(visit, live_house)
    await one.composer.evaluate(_HAND_OVER, ["paste", "pasted.txt"])
    await one.page.locator(".scroller").evaluate(_HAND_OVER, ["drop", "dropped.txt"])
    await uploaded(one.page, 2)
    await one.page.get_by_role("button", name="Send").click()

    for name in ("pasted.txt", "dropped.txt"):
        await expect(other.page.get_by_role("link", name=name)).to_be_visible()


async def test_only_ten_files_go_into_a_message(visit: Visit, live_house: House) -> None:
    one, _ = await beside(visit, live_house)
    files = [MINUTES | {"name": f"{number}.txt"} for number in range(12)]
    await choose(one.page, *files)

    await uploaded(one.page, 10)
    await expect(one.page.get_by_text("A message has at most 10 files.")).to_be_visible()
    await one.page.get_by_role("button", name="Remove 3.txt").click()
    await uploaded(one.page, 9)
    await expect(one.page.get_by_text("A message has at most 10 files.")).to_be_hidden()


async def test_a_file_that_is_refused_says_why_and_the_others_go(
    browser: Browser, live_house: House, settings: Settings
) -> None:
    small = changed(settings, attachment_max_bytes=1_000_000, attachment_quota_bytes=1_400_000)
    async with serve(small) as house, visiting(browser, house.base_url) as visit:
        one, other = await beside(visit, house)
        await choose(one.page, MINUTES | {"buffer": b"x" * 4_000_000, "name": "large.txt"})
        await expect(tray(one.page)).to_contain_text("This file is too large.")
        await choose(one.page, MINUTES | {"buffer": b"x" * 900_000, "name": "first.txt"})
        await uploaded(one.page, 2)
        await choose(one.page, MINUTES | {"buffer": b"x" * 900_000, "name": "second.txt"})
        await expect(tray(one.page).nth(2)).to_contain_text("Your files have no room for this one.")
        await one.page.get_by_role("button", name="Send").click()

        await expect(other.page.get_by_role("link", name="first.txt 900 KB")).to_be_visible()
        await expect(other.page.locator(".file")).to_have_count(1)


async def test_an_upload_shows_how_far_it_is_and_can_be_given_up(
    visit: Visit, live_house: House
) -> None:
    one, _ = await beside(visit, live_house)
    held = await hold_uploads(one.page)
    await choose(one.page, MINUTES)
    await expect(one.page.get_by_role("progressbar", name="Uploading minutes.txt")).to_be_visible()
    await one.composer.fill("Not before the file is there")
    await expect(one.page.get_by_role("button", name="Send")).to_be_disabled()

    await one.page.get_by_role("button", name="Cancel minutes.txt").click()

    await expect(tray(one.page)).to_have_count(0)
    await one.composer.press("Enter")
    await one.sees("Not before the file is there")
    held.set()


async def hold_uploads(page: Page) -> asyncio.Event:
    """Until the event is set they are on their way."""
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.abort()

    await page.route("**/attachments?*", hold)
    return held


async def test_a_reload_keeps_what_is_uploaded_and_says_what_was_interrupted(
    visit: Visit, live_house: House
) -> None:
    one, other = await beside(visit, live_house)
    one.page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await choose(one.page, MINUTES | {"name": "there.txt"})
    await uploaded(one.page, 1)
    held = await hold_uploads(one.page)
    await choose(one.page, MINUTES | {"name": "half.txt"})
    await expect(tray(one.page)).to_have_count(2)

    await one.page.reload()

    await expect(tray(one.page).nth(1)).to_contain_text("The page was closed before this was")
    await expect(tray(one.page).nth(0)).not_to_contain_text("closed")
    await one.page.get_by_role("button", name="Send").click()
    await expect(other.page.locator(".file")).to_have_text(["there.txt19 bytes"])
    await expect(tray(one.page)).to_have_count(0)
    held.set()


async def test_a_message_with_files_is_sent_once_when_one_was_offline(
    visit: Visit, live_house: House
) -> None:
    one, other = await beside(visit, live_house)
    await choose(one.page, MINUTES)
    await uploaded(one.page, 1)
    await one.page.context.set_offline(True)
    await one.say("With a file")
    await expect(one.page.locator(".is-pending")).to_contain_text("minutes.txt")
    await one.page.context.set_offline(False)

    await other.sees("With a file")
    await expect(other.page.get_by_role("link", name="minutes.txt")).to_have_count(1)
    await one.sees("With a file")


async def test_a_reply_to_a_file_alone_names_it_so(visit: Visit, live_house: House) -> None:
    one, other = await beside(visit, live_house)
    await choose(one.page, MINUTES)
    await uploaded(one.page, 1)
    await one.composer.press("Enter")
    await other.page.get_by_role("link", name="minutes.txt").hover()
    await other.page.get_by_role("button", name="Reply").click()
    await other.say("Thank you for it")

    for visitor, name in ((one, "You"), (other, "Alice")):
        quote = visitor.message("Thank you").locator("blockquote")
        await expect(quote).to_have_text(f"{name} A file")


async def test_files_wait_while_one_edits_what_one_said(visit: Visit, live_house: House) -> None:
    one, other = await beside(visit, live_house)
    await one.say("See thsi")
    await choose(one.page, MINUTES)
    await uploaded(one.page, 1)
    await one.composer.press("ArrowUp")
    await one.say("See this")

    await expect(other.message("See this")).to_be_visible()
    await expect(tray(one.page)).to_have_count(1)
    await one.say("And here it is")
    await expect(other.page.get_by_role("link", name="minutes.txt")).to_be_visible()
    await expect(other.messages).to_have_count(2)
