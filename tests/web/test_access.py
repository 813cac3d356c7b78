"""For everybody: axe finds nothing, on a phone and a desktop, light and dark; and keys suffice."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from tests.factories import House
from tests.web.conftest import Visit

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}


async def find_nothing(page: Page, where: str) -> None:
    """By evaluation, which no policy of the page holds back."""
    results = await Axe().run(page)
    found = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in results.response["violations"]
    ]
    assert found == [], where


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing(visit: Visit, live_house: House, size: str, scheme: str) -> None:
    looks: dict[str, Any] = {"viewport": SIZES[size], "color_scheme": scheme}
    entrance = (await visit(**looks)).page
    await expect(entrance.get_by_role("button", name="Sign in")).to_be_visible()
    await find_nothing(entrance, "entrance")
    await entrance.get_by_role("link", name="Create an account").click()
    await find_nothing(entrance, "signing up")

    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    await live_house.message(conversation, bob, "See https://example.com")
    file = await bob.client.post("/attachments?name=minutes.txt", content=b"What we agreed on.")
    draft = {"attachment_ids": [file.json()["id"]]}
    await bob.client.post(f"/conversations/{conversation.id}/messages", json=draft)
    visitor = await visit(alice, **looks)
    page = visitor.page
    await expect(page.get_by_role("link", name="Bob")).to_be_visible()
    await find_nothing(page, "list")
    await visitor.open("bob")
    await visitor.say("Hello")
    await expect(page.locator(".message")).to_have_count(3)
    await page.locator("input[type=file]").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    await expect(page.get_by_role("button", name="Remove plan.txt")).to_be_visible()
    await find_nothing(page, "conversation")
    await page.keyboard.press("Control+k")
    await page.get_by_label("Words to find").fill("hello")
    await expect(page.locator("mark")).to_have_text("Hello")
    await find_nothing(page, "searching")
    await page.get_by_role("button", name="Close").click()
    await page.goto("/#/")
    await page.get_by_role("button", name="New conversation").click()
    await page.get_by_label("With whom?").fill("bob")
    await expect(page.get_by_role("button", name="@bob")).to_be_visible()
    await find_nothing(page, "starting")
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Sign out").click()
    await find_nothing(page, "leaving")


async def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """By pressing a key until it is there, and seen to be."""
    for _ in range(30):
        if await wanted.count() and await wanted.evaluate("one => one === document.activeElement"):
            outline = await wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            border = await wanted.evaluate("one => getComputedStyle(one.parentElement).boxShadow")
            assert outline != "none" or border != "none"
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there")


async def test_one_signs_up_talks_and_finds_by_the_keyboard_alone(
    visit: Visit, live_house: House
) -> None:
    await live_house.person("bob", name="Bob")
    page = (await visit()).page
    await reach(page, page.get_by_role("link", name="Create an account"))
    await page.keyboard.press("Enter")
    for label, words in [
        ("Your name", "Alice"),
        ("Username", "alice"),
        ("E-mail", "alice@example.com"),
        ("Password", "correct horse battery"),
    ]:
        await reach(page, page.get_by_label(label))
        await page.keyboard.type(words)
    await page.keyboard.press("Enter")

    await reach(page, page.get_by_role("button", name="New conversation"))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_label("With whom?"))
    await page.keyboard.type("bob")
    await expect(page.get_by_role("button", name="@bob")).to_be_visible()
    await reach(page, page.get_by_role("button", name="@bob"))
    await page.keyboard.press("Space")
    await reach(page, page.get_by_role("button", name="Start", exact=True))
    await page.keyboard.press("Enter")
    writing = page.get_by_role("textbox", name="Message to Bob")
    await expect(writing).to_be_focused()
    await page.keyboard.type("Written by hand")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message .body")).to_have_text("Written by hand")

    await page.keyboard.press("Control+k")
    await expect(page.get_by_label("Words to find")).to_be_focused()  # At first it is fetched.
    await page.keyboard.type("hand")
    hit = page.get_by_role("list", name="Messages found").get_by_role("button")
    await expect(hit).to_contain_text("Written by hand")
    await reach(page, hit)
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.is-found")).to_be_focused()
