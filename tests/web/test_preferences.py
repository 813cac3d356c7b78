"""What a conversation is to oneself, on all of one's devices and to nobody else."""

from playwright.async_api import Locator, expect

from tests.factories import House
from tests.web.browsing import Visitor
from tests.web.conftest import Visit


def chosen(visitor: Visitor) -> Locator:
    """How long it is muted."""
    return visitor.page.get_by_role("combobox", name="Muted").locator("option:checked")


async def test_a_muted_favourite_looks_it_on_ones_other_device_and_not_to_others(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    pair = await live_house.conversation(alice, bob)
    one = await visit(alice, path=f"/#/conversations/{pair.id}/details")
    device, other = await visit(alice), await visit(bob)
    await one.page.get_by_label("Favourite").check()
    await one.page.get_by_role("combobox", name="Muted").select_option("For an hour")
    await one.page.get_by_label("Notify me of").select_option("What mentions me")

    row = device.page.get_by_role("link", name="Bob")
    await expect(row.get_by_role("img", name="Favourite")).to_be_visible()
    await expect(row.get_by_role("img", name="Muted")).to_be_visible()
    await expect(other.page.get_by_role("link", name="Alice")).to_be_visible()
    await expect(other.page.get_by_role("img", name="Muted")).to_have_count(0)

    await device.page.goto(f"/#/conversations/{pair.id}/details")
    await expect(device.page.get_by_label("Notify me of")).to_have_value("mentions")
    await expect(chosen(device)).to_contain_text("Until ")
    await device.page.get_by_role("combobox", name="Muted").select_option("No")
    await expect(one.page.get_by_role("combobox", name="Muted")).to_have_value("")


async def test_what_is_muted_is_heard_again_when_the_time_is_up(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    await live_house.conversation(alice, bob)
    one = await visit()
    await one.page.clock.install()
    await one.sign_in("alice")
    await one.page.get_by_role("link", name="Bob").click()
    await one.page.get_by_role("link", name="Details").click()
    await one.page.get_by_role("combobox", name="Muted").select_option("For an hour")
    muted = one.page.get_by_role("img", name="Muted", include_hidden=True)
    await expect(muted).to_have_count(1)

    await one.page.clock.fast_forward("59:00")
    await expect(muted).to_have_count(1)
    await one.page.clock.fast_forward("02:00")
    await expect(muted).to_have_count(0)


async def test_an_archived_conversation_stands_apart(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    pair = await live_house.conversation(alice, bob)
    one = await visit(alice, path=f"/#/conversations/{pair.id}/details")
    await one.page.get_by_label("Archived").check()
    await one.page.keyboard.press("Escape")

    await expect(one.page.get_by_role("link", name="Bob")).to_be_hidden()
    await one.page.locator("summary", has_text="Archived").click()
    await expect(one.page.get_by_role("link", name="Bob")).to_be_visible()


async def test_all_of_it_goes_by_keyboard_alone(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    pair = await live_house.conversation(alice, bob)
    one = await visit(alice, path=f"/#/conversations/{pair.id}")
    page = one.page
    details = page.get_by_role("link", name="Details")
    await details.focus()
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Details")
    await expect(drawer.get_by_role("button", name="Close")).to_be_focused()
    for name in ("Favourite", "Archived"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_label(name)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await expect(page.get_by_label("Favourite")).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("combobox", name="Muted")).to_be_focused()
    await expect(chosen(one)).to_contain_text("Until ")

    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await expect(details).to_be_focused()
