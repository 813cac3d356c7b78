"""A long history: only what is near is in the page, and what one looks at stays where it is."""

from playwright.async_api import Locator, Page, expect
from sqlalchemy import text

from tests.factories import House, Person
from tests.web.conftest import Visit

LONG = 600
# More than several screens of them would be a page that does not scroll smoothly.
ROWS_MAX = 200

_SAY_MUCH = text("""
    WITH said AS (
        INSERT INTO messages (conversation_id, user_id, seq, body, created_at, updated_at)
        SELECT :id, :user_id, n, 'Message ' || n, at, at FROM (
            SELECT n, now() - (:count - n) * interval '10 minutes' AS at
            FROM generate_series(1, :count) AS n
        ) AS numbered
    )
    INSERT INTO streams (topic, last_seq) VALUES ('conversation:' || :id, :count)
    ON CONFLICT (topic) DO UPDATE SET last_seq = excluded.last_seq
""")


async def long_conversation(house: House, alice: Person, bob: Person) -> int:
    conversation = await house.conversation(alice, bob)
    async with house.session() as session:
        values = {"id": conversation.id, "user_id": bob.id, "count": LONG}
        await session.execute(_SAY_MUCH, values)
    return conversation.id


def message(page: Page, body: str) -> Locator:
    return page.locator(".scroller").get_by_text(body, exact=True)


async def scroll_up_to(page: Page, body: str) -> None:
    """With the wheel, as far as it takes."""
    await page.locator(".scroller").hover()
    for _ in range(LONG):
        if await message(page, body).is_visible():
            return
        await page.mouse.wheel(0, -1_500)
        assert await page.locator(".messages > li").count() <= ROWS_MAX
    raise AssertionError(f"{body} never came")


async def test_one_scrolls_up_to_the_beginning_and_jumps_to_the_newest(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    id = await long_conversation(live_house, alice, bob)
    await alice.client.put(f"/conversations/{id}/read", json={"seq": LONG})
    page = (await visit(alice, f"/#/conversations/{id}")).page
    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()

    await scroll_up_to(page, "Message 1")
    await page.locator(".scroller").press("Home")
    await expect(page.get_by_text("This is where it began.")).to_be_visible()
    await page.get_by_role("button", name="Jump to the newest").click()

    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()


async def test_what_comes_while_one_reads_older_ones_moves_nothing(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    id = await long_conversation(live_house, alice, bob)
    await alice.client.put(f"/conversations/{id}/read", json={"seq": LONG})
    visitor = await visit(alice, f"/#/conversations/{id}")
    page = visitor.page
    await expect(message(page, f"Message {LONG}")).to_be_in_viewport()
    await scroll_up_to(page, f"Message {LONG - 60}")
    reading = message(page, f"Message {LONG - 60}")
    before = await reading.bounding_box()

    await bob.client.post(f"/conversations/{id}/messages", json={"body": "Something new"})
    await expect(page.get_by_role("link", name="Bob")).to_contain_text("Something new")

    assert await reading.bounding_box() == before
    await page.get_by_role("button", name="Jump to the newest").click()
    await expect(message(page, "Something new")).to_be_in_viewport()
