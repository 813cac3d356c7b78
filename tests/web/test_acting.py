"""What two people do to messages, and what both of them see of it."""

from playwright.async_api import expect

from tests.factories import House
from tests.web.browsing import Visitor
from tests.web.conftest import Visit


async def beside(visit: Visit, house: House, *, group: bool = False) -> tuple[Visitor, Visitor]:
    """Alice, who owns the group if it is one, and Bob, who has heard a word from her."""
    people = [await house.person(name) for name in ("alice", "bob", "carol")]
    conversation = await house.conversation(*(people if group else people[:2]))
    await house.message(conversation, people[0], "Nice weather")
    path = f"/#/conversations/{conversation.id}"
    alice, bob = await visit(people[0], path=path), await visit(people[1], path=path)
    await alice.sees("Nice weather")
    await bob.sees("Nice weather")
    return alice, bob


async def test_a_reply_quotes_and_leads_to_what_it_replies_to(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await beside(visit, live_house)
    await bob.choose("Nice weather", "Reply")
    await expect(bob.composer).to_be_focused()
    await expect(bob.page.locator(".about")).to_contain_text("Replying to")

    await bob.say("Indeed")

    quote = alice.message("Indeed").get_by_role("button", name="Nice weather")
    await quote.click()
    await expect(alice.message("Nice weather")).to_be_focused()
    await expect(bob.page.locator(".about")).to_be_hidden()
    await bob.say("No reply any more")
    await expect(alice.page.locator("blockquote")).to_have_count(1)


async def test_what_one_replies_to_survives_a_reload(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house)
    await bob.choose("Nice weather", "Reply")
    await bob.composer.fill("Inde")

    await bob.page.reload()

    await expect(bob.page.locator(".about")).to_have_text("Replying to Alice Nice weather")
    await expect(bob.composer).to_have_value("Inde")
    await bob.say("Indeed")
    await expect(alice.message("Indeed").locator("blockquote")).to_contain_text("Nice weather")
    await expect(bob.page.locator(".about")).to_be_hidden()
    await bob.page.reload()
    await bob.sees("Nice weather", "Indeed")
    await expect(bob.page.locator(".about")).to_be_hidden()


async def test_a_browser_that_may_not_copy_says_so(visit: Visit, live_house: House) -> None:
    alice, _ = await beside(visit, live_house)
    await alice.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await alice.choose("Nice weather", "Copy text")
    await expect(alice.page.locator("#announcer")).to_have_text("Copied.")

    refuse = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('No')); }"
    await alice.page.evaluate(refuse)
    await alice.choose("Nice weather", "Copy text")

    await expect(alice.page.get_by_role("alert")).to_contain_text("does not let ChatFlow copy")


async def test_a_quote_leads_to_what_is_far_above(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    first = await live_house.message(conversation, alice, "The first")
    for number in range(120):
        await live_house.message(conversation, bob, f"Number {number}")
    path = f"/conversations/{conversation.id}/messages"
    draft = {"body": "Long ago", "reply_to": first["id"]}
    reply = (await bob.client.post(path, json=draft)).json()
    await alice.client.put(f"/conversations/{conversation.id}/read", json={"seq": reply["seq"]})
    page = await visit(alice, path=f"/#/conversations/{conversation.id}")

    await page.message("Long ago").get_by_role("button", name="The first").click()

    await expect(page.message("The first")).to_be_focused()
    await expect(page.message("The first")).to_be_in_viewport()


async def test_an_edit_shows_and_keeps_what_was_said_before(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await beside(visit, live_house)
    await alice.composer.fill("Half a sen")
    await alice.choose("Nice weather", "Edit")
    await expect(alice.composer).to_have_value("Nice weather")

    await alice.say("Nasty weather")

    await expect(alice.composer).to_have_value("Half a sen")
    await bob.sees("Nasty weather(edited)")
    await bob.page.get_by_role("button", name="(edited)").click()
    versions = bob.page.get_by_role("dialog").locator(".body")
    await expect(versions).to_have_text(["Nasty weather", "Nice weather"])


async def test_a_withdrawal_asks_first(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house)
    await alice.choose("Nice weather", "Withdraw …")
    await alice.page.get_by_role("button", name="Cancel").click()
    await bob.sees("Nice weather")

    await alice.choose("Nice weather", "Withdraw …")
    await alice.page.get_by_role("button", name="Withdraw", exact=True).click()

    await alice.sees("Message withdrawn")
    await bob.sees("Message withdrawn")


async def test_reactions_are_counted_for_both(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house)
    await bob.choose("Nice weather", "React with thumbs up")
    await alice.message("Nice weather").get_by_role("button", name="thumbs up, 1").click()

    for page in (alice, bob):
        chip = page.message("Nice weather").get_by_role("button", name="thumbs up, 2")
        await expect(chip).to_have_attribute("aria-pressed", "true")

    await bob.message("Nice weather").get_by_role("button", name="thumbs up, 2").click()
    mine = alice.message("Nice weather").get_by_role("button", name="thumbs up, 1")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    others = bob.message("Nice weather").get_by_role("button", name="thumbs up, 1")
    await expect(others).to_have_attribute("aria-pressed", "false")


async def test_a_reaction_that_is_refused_is_taken_back(visit: Visit, live_house: House) -> None:
    alice, _ = await beside(visit, live_house)
    refusal = {"error": "Too fast", "code": "too_fast"}
    await alice.page.route("**/reactions/**", lambda route: route.fulfill(status=403, json=refusal))

    await alice.choose("Nice weather", "React with thumbs up")

    await expect(alice.page.get_by_role("alert").filter(has_text="Too fast")).to_be_visible()
    await expect(alice.page.locator(".reactions")).to_have_count(0)


async def test_who_may_pins_and_everybody_finds_it(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house, group=True)
    await alice.choose("Nice weather", "Pin")
    await expect(bob.message("Nice weather")).to_contain_text("Pinned")
    await bob.page.get_by_role("button", name="Pinned messages").click()
    pins = bob.page.get_by_role("dialog", name="Pinned messages")
    await expect(pins.locator(".body")).to_have_text(["Nice weather"])
    await expect(pins.get_by_role("button", name="Unpin")).to_have_count(0)

    await alice.choose("Nice weather", "Unpin")

    await expect(pins).to_contain_text("Nothing is pinned here")
    await expect(bob.message("Nice weather")).not_to_contain_text("Pinned")
    await bob.page.keyboard.press("Escape")
    await bob.message("Nice weather").hover()
    await bob.page.get_by_role("button", name="More").click()
    await expect(bob.page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(bob.page.get_by_role("menuitem", name="Pin")).to_have_count(0)


async def test_a_mention_is_completed_and_stands_out(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house, group=True)
    await alice.composer.press_sequentially("Hello @bo")
    await expect(alice.page.get_by_role("option")).to_contain_text("@bob")
    await alice.composer.press("Tab")
    await expect(alice.composer).to_have_value("Hello @bob ")
    await alice.composer.press_sequentially("and @e")
    await expect(alice.page.get_by_role("option")).to_contain_text("Everyone here")
    await alice.composer.press("Enter")
    await alice.composer.press("Enter")

    mentions = bob.message("Hello").locator(".mention.is-me")
    await expect(mentions).to_have_text(["@bob", "@everyone"])
    await expect(alice.message("Hello").locator(".mention")).to_have_count(2)


async def test_on_a_phone_a_long_press_opens_the_menu(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    await live_house.message(conversation, bob, "Nice weather")
    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 375, "height": 700}}
    page = await visit(alice, path=f"/#/conversations/{conversation.id}", **phone)
    await page.sees("Nice weather")
    await expect(page.page.get_by_role("heading", name="Bob")).to_be_visible()
    # The message is at the end of the list, which is never drawn anew as the message may be.
    place = await page.page.locator(".messages").bounding_box()
    assert place is not None
    finger = await page.page.context.new_cdp_session(page.page)
    end = place["y"] + place["height"]
    press = {"x": place["x"] + 99, "y": end - 9, "gestureSourceType": "touch"}

    await finger.send("Input.synthesizeTapGesture", press | {"duration": 50})
    await expect(page.page.get_by_role("menu")).to_have_count(0)
    await finger.send("Input.synthesizeTapGesture", press | {"duration": 700})

    await page.page.get_by_role("menuitem", name="Reply").tap()
    await expect(page.composer).to_be_focused()
    await expect(page.page.get_by_role("menu")).to_have_count(0)


async def test_all_of_it_by_keys(visit: Visit, live_house: House) -> None:
    alice, bob = await beside(visit, live_house)
    keys = alice.page.keyboard
    await expect(alice.composer).to_be_focused()

    await keys.press("ArrowUp")
    await expect(alice.composer).to_have_value("Nice weather")
    await keys.type("!")
    await keys.press("Enter")
    await bob.sees("Nice weather!(edited)")

    await alice.choose_by_keys("Nice weather!", "React …")
    await keys.type("rocket")
    await keys.press("Enter")
    await expect(bob.page.get_by_role("button", name="rocket, 1")).to_be_visible()

    await expect(alice.message("Nice weather!")).to_be_focused()
    await keys.press("r")
    await keys.type("To myself")
    await keys.press("Enter")
    await expect(bob.message("To myself").locator("blockquote")).to_contain_text("Nice weather!")

    await alice.choose_by_keys("To myself", "Withdraw …")
    await keys.press("Tab")
    await keys.press("Enter")
    await bob.sees("Nice weather!(edited)", "Message withdrawn")
