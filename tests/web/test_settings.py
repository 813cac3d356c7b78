"""What somebody does with their account: who they are, how they get in, and where they are in."""

import re

import pyotp
from playwright.async_api import Route, expect

from tests.factories import PASSWORD, House, Person
from tests.web.browsing import Visitor
from tests.web.conftest import Visit


async def at_settings(visit: Visit, person: Person, part: str) -> Visitor:
    return await visit(person, path=f"/#/settings/{part}")


async def test_a_new_name_shows_at_once_and_stays(visit: Visit, live_house: House) -> None:
    alice = await live_house.person("alice")
    one, other = await at_settings(visit, alice, "profile"), await visit(alice)
    await one.page.get_by_label("Name", exact=True).fill("Alice Liddell")
    await one.page.get_by_role("button", name="Save").click()

    await expect(one.page.get_by_text("Saved.")).to_be_visible()
    for visitor in (one, other):
        await expect(visitor.page.get_by_role("link", name="Settings of")).to_contain_text(
            "Liddell"
        )
    await one.page.reload()
    await expect(one.page.get_by_label("Name", exact=True)).to_have_value("Alice Liddell")


async def test_each_refusal_stands_beside_its_field(visit: Visit, live_house: House) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "profile")
    await one.page.get_by_label("Username").fill("a")
    await one.page.get_by_label("Address of a picture").fill("javascript:alert(1)")
    await one.page.get_by_role("button", name="Save").click()

    username = one.page.get_by_label("Username")
    await expect(username).to_have_attribute("aria-invalid", "true")
    await expect(username).to_be_focused()
    await expect(username).to_have_accessible_description(re.compile("is too short"))
    picture = one.page.get_by_label("Address of a picture")
    await expect(picture).to_have_attribute("aria-invalid", "true")
    await expect(one.page.get_by_label("Name", exact=True)).to_have_attribute(
        "aria-invalid", "false"
    )


async def test_what_a_server_lets_one_hide_is_switched_at_once(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "profile")
    wishes: list[dict[str, bool]] = []

    async def answer(route: Route) -> None:
        """As a server that has receipts and presence, and is busy at the second wish."""
        shown: dict[str, object] = {"id": alice.id, "read_receipts": True, "show_presence": True}
        if route.request.method == "GET":
            await route.fulfill(json=shown)
            return
        wishes.append(route.request.post_data_json or {})
        if len(wishes) == 1:
            await route.fulfill(json={"ok": True, "user": shown | wishes[0]})
        else:
            await route.fulfill(
                status=503, json={"error": "The service is busy", "code": "unavailable"}
            )

    await expect(one.page.get_by_role("button", name="Save")).to_be_visible()
    await one.page.route("**/users/me", answer)
    await one.page.reload()
    receipts = one.page.get_by_label("Show how far I have read")
    presence = one.page.get_by_label("Show when I am here")
    await receipts.uncheck()
    await presence.click()

    await expect(
        one.page.get_by_role("alert").filter(has_text="The service is busy")
    ).to_be_visible()
    await expect(presence).to_be_checked()
    await expect(receipts).not_to_be_checked()
    assert wishes == [{"read_receipts": False}, {"show_presence": False}]


async def test_a_new_password_needs_the_old_one_and_signs_others_out(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "account")
    other = await visit()
    await other.sign_in("alice")
    form = one.page.locator("form", has=one.page.get_by_label("New password"))
    current = form.get_by_label("Current password")
    await form.get_by_label("New password").fill("another long secret")
    await current.fill("wrong")
    await form.get_by_role("button").click()
    await expect(current).to_have_accessible_description("Current password is invalid.")

    await current.fill(PASSWORD)
    await form.get_by_role("button").click()

    await expect(form.get_by_text("All other devices are signed out")).to_be_visible()
    await expect(other.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(one.page.get_by_role("heading", name="Settings")).to_be_visible()


async def test_a_second_factor_is_turned_on_asked_for_and_turned_off(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "second-factor")
    page = one.page
    await page.get_by_role("button", name="Turn on").click()
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_role("button", name="Go on").click()
    drawn = "image => image.decode().then(() => image.naturalWidth > 100)"
    assert await page.get_by_alt_text("QR code of the secret").evaluate(drawn)
    secret = await page.get_by_label("Secret", exact=True).input_value()
    dialog, code = page.get_by_role("dialog"), page.get_by_label("Code", exact=True)
    await code.fill("12345")
    await dialog.get_by_role("button", name="Turn on").click()
    await expect(code).to_have_accessible_description(re.compile("This code is wrong"))

    await code.fill(pyotp.TOTP(secret).now())
    await dialog.get_by_role("button", name="Turn on").click()
    codes = (await page.get_by_label("Recovery codes").input_value()).split()
    await page.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_text(f"It is on. {len(codes)} recovery codes")).to_be_visible()

    other = await visit()
    await other.sign_in("alice")
    await other.page.get_by_label("Code").fill(codes[0])
    await other.page.get_by_role("button", name="Sign in").click()
    await expect(other.page.get_by_role("button", name="New conversation")).to_be_visible()

    await page.get_by_role("button", name="Turn off").click()
    await page.get_by_label("Current password").fill(PASSWORD)
    await expect(code).to_be_hidden()
    await dialog.get_by_role("button", name="Turn off").click()
    await expect(code).to_be_focused()
    await code.fill(codes[1])
    await dialog.get_by_role("button", name="Turn off").click()
    await expect(page.get_by_text("It is off.")).to_be_visible()


async def test_a_login_that_is_ended_from_elsewhere_is_signed_out_at_once(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "logins")
    ends = one.page.get_by_role("button", name=re.compile("^Sign out Chrom"))
    await expect(one.page.get_by_text("This one")).to_be_visible()
    other = await visit()
    await other.sign_in("alice")
    await expect(other.page.get_by_role("button", name="New conversation")).to_be_visible()
    await other.page.get_by_role("button", name="New conversation").click()

    await ends.click()
    await one.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()

    await expect(other.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(other.page.get_by_role("dialog")).to_have_count(0)
    await expect(ends).to_have_count(0)
    await expect(one.page.get_by_text("This one")).to_be_visible()


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "tokens")
    page = one.page
    await page.get_by_label("Name").fill("Nightly report")
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_role("button", name="Make a token").click()
    token = await page.get_by_label("Token", exact=True).input_value()
    await page.keyboard.press("Escape")
    script = live_house.client()
    script.headers["Authorization"] = f"Bearer {token}"
    assert (await script.get("/users/me")).json()["username"] == "alice"

    await page.reload()
    await expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Revoke Nightly report").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()

    await expect(page.get_by_text("You have none.")).to_be_visible()
    assert (await script.get("/users/me")).status_code == 401


async def test_what_happened_to_an_account_is_told(visit: Visit, live_house: House) -> None:
    await live_house.person("alice")
    one = await visit(path="/#/settings/activity")
    await one.sign_in("alice")
    await expect(
        one.page.get_by_role("listitem").filter(has_text="Signed in").first
    ).to_be_visible()


async def test_an_account_is_closed_by_its_password(visit: Visit, live_house: House) -> None:
    alice = await live_house.person("alice")
    one = await at_settings(visit, alice, "closing")
    page = one.page
    await page.get_by_role("button", name="Close my account").click()
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_role("button", name="Close it for good").click()

    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await one.sign_in("alice")
    await expect(page.get_by_role("alert")).to_contain_text("Invalid Email or password")
