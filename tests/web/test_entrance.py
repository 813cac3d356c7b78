"""Who cannot enter is told why, and what to do."""

import pytest
from playwright.async_api import expect

from tests.factories import House
from tests.web.conftest import Visit


@pytest.mark.parametrize(
    ("code", "path"), [("unconfirmed", "confirmation"), ("account_locked", "unlock")]
)
async def test_the_mail_that_opens_an_account_is_sent_again(
    visit: Visit, live_house: House, code: str, path: str
) -> None:
    await live_house.person("alice")
    one = await visit()
    refusal = {"error": "Not yet.", "code": code}
    await one.page.route("**/users/sign_in", lambda route: route.fulfill(status=401, json=refusal))
    await one.sign_in("alice")
    await expect(one.page.get_by_role("alert")).to_have_text("Not yet.")

    async with one.page.expect_response(f"**/users/{path}") as answered:
        await one.page.get_by_role("button", name="Send me that mail again").click()

    assert (await answered.value).status == 202
    await expect(one.page.get_by_role("status").filter(has_text="a mail")).to_be_visible()


async def test_a_wrong_password_has_no_mail_to_send(visit: Visit, live_house: House) -> None:
    one = await visit()
    await one.sign_in("nobody")
    await expect(one.page.get_by_role("alert")).to_contain_text("Invalid Email or password")
    await expect(one.page.get_by_role("button", name="Send me")).to_have_count(0)
