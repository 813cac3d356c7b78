"""Conversations as a whole: who is in them, as what, and how somebody comes and goes."""

import re

from playwright.async_api import Locator, expect

from tests.factories import House, Person
from tests.jobs import run_jobs
from tests.web.browsing import Visitor
from tests.web.conftest import Visit


async def at_details(visit: Visit, person: Person, id: int) -> Visitor:
    visitor = await visit(person, path=f"/#/conversations/{id}/details")
    await expect(visitor.page.get_by_role("dialog", name="Details")).to_be_visible()
    return visitor


def line(visitor: Visitor, name: str) -> Locator:
    """Somebody's, among the people of the conversation."""
    people = visitor.page.get_by_role("list", name="People in it")
    return people.get_by_role("listitem").filter(has_text=name)


async def test_a_group_is_renamed_by_its_admins_and_by_nobody_else(
    visit: Visit, live_house: House
) -> None:
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    group = await live_house.conversation(alice, bob, carol, title="Lunch")
    one, other = await at_details(visit, alice, group.id), await at_details(visit, bob, group.id)
    await expect(other.page.get_by_role("heading", name="Lunch").first).to_be_visible()
    await expect(other.page.get_by_role("button", name="Change name and picture")).to_be_hidden()

    await one.page.get_by_role("button", name="Change name and picture").click()
    await one.page.get_by_label("Name of the group").fill("Dinner <b>late</b>")
    await one.page.get_by_role("button", name="Save").click()

    for visitor in (one, other):
        await expect(visitor.page.get_by_role("link", name="Dinner <b>late</b>")).to_be_visible()
        drawer = visitor.page.get_by_role("dialog", name="Details")
        await expect(drawer.get_by_role("heading", name="Dinner <b>late</b>")).to_be_visible()


async def test_roles_are_given_and_the_group_is_handed_over(
    visit: Visit, live_house: House
) -> None:
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    group = await live_house.conversation(alice, bob, carol, title="Lunch")
    one, other = await at_details(visit, alice, group.id), await at_details(visit, bob, group.id)
    await expect(line(other, "Bob")).to_contain_text("member")
    await expect(other.page.get_by_role("button", name="Make a link")).to_have_count(0)

    await one.page.get_by_label("Role of Bob").select_option("Admin")
    await expect(line(other, "Bob")).to_contain_text("admin")
    await expect(other.page.get_by_role("button", name="Make a link")).to_be_visible()

    await one.page.get_by_label("Role of Bob").select_option("Owner")
    await one.page.get_by_role("button", name="Hand over").click()
    await expect(line(one, "Bob")).to_contain_text("owner")
    await expect(one.page.get_by_label("Role of Carol")).to_have_count(0)
    await expect(other.page.get_by_label("Role of Alice")).to_have_value("admin")


async def test_people_are_added_and_removed(visit: Visit, live_house: House) -> None:
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    await live_house.person("dave")
    group = await live_house.conversation(alice, bob, carol, title="Lunch")
    one, other = await at_details(visit, alice, group.id), await at_details(visit, bob, group.id)

    await one.page.get_by_role("button", name="Add people").click()
    await one.page.get_by_label("With whom?").fill("dave")
    await one.page.get_by_role("button", name="@dave").click()
    await one.page.get_by_role("button", name="Add", exact=True).click()
    await expect(line(one, "Dave")).to_be_visible()
    await expect(line(other, "Dave")).to_be_visible()

    await one.page.get_by_role("button", name="Remove Bob").click()
    await one.page.get_by_role("button", name="Remove", exact=True).click()
    await expect(line(one, "Bob")).to_have_count(0)
    drawer = one.page.get_by_role("dialog", name="Details")
    await expect(drawer.locator(":focus")).to_have_count(1)
    await expect(other.page.get_by_text("You are no longer in “Lunch”.")).to_be_visible()
    await expect(other.page.get_by_role("dialog")).to_have_count(0)
    await expect(other.page.get_by_role("link", name="Lunch")).to_have_count(0)

    body = {"user_ids": [bob.id]}
    await alice.client.post(f"/conversations/{group.id}/members", json=body)
    await expect(other.composer).to_be_visible()
    await other.say("I am here again")
    await other.sees("I am here again")


async def test_somebody_joins_by_a_link_that_is_then_taken_back(
    visit: Visit, live_house: House
) -> None:
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    group = await live_house.conversation(alice, bob, carol, title="Lunch")
    one = await at_details(visit, alice, group.id)
    page = one.page
    await page.get_by_role("button", name="Make a link").click()
    await page.get_by_label("For how many people").fill("0")
    await page.get_by_role("button", name="Make the link").click()
    uses = page.get_by_label("For how many people")
    await expect(uses).to_have_attribute("aria-invalid", "true")
    await uses.fill("5")
    await page.get_by_role("button", name="Make the link").click()
    link = await page.get_by_label("Link", exact=True).input_value()
    await page.keyboard.press("Escape")

    newcomer = await visit(path=link)
    await expect(newcomer.page.get_by_text("You are invited to a group.")).to_be_visible()
    await newcomer.sign_up("dave", arrives=False)
    await newcomer.page.get_by_role("button", name="Join the group").click()
    await expect(newcomer.page.get_by_role("heading", name="Lunch")).to_be_visible()
    await expect(line(one, "Dave")).to_be_visible()

    await page.get_by_role("button", name=re.compile("^Take back")).click()
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.get_by_role("button", name=re.compile("^Take back"))).to_have_count(0)
    late = await visit(await live_house.person("erin"), path=link)
    await late.page.get_by_role("button", name="Join the group").click()
    await expect(late.page.get_by_role("alert")).to_contain_text("not good any more")


async def test_a_third_person_starts_a_group_which_is_said_before(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    await live_house.person("carol")
    pair = await live_house.conversation(alice, bob)
    one = await at_details(visit, alice, pair.id)
    page = one.page
    await expect(page.get_by_role("button", name="Leave the group")).to_have_count(0)
    await page.get_by_role("button", name="Add people").click()
    await expect(page.get_by_text("This starts a new group of you, Bob and whom")).to_be_visible()
    await page.get_by_label("With whom?").fill("carol")
    await page.get_by_role("button", name="@carol").click()
    await page.get_by_role("button", name="Start a group").click()

    await expect(page.get_by_role("heading", name="Group Chat")).to_be_visible()
    await expect(page.get_by_role("link", name="Bob", exact=False).first).to_be_visible()
    assert f"conversations/{pair.id}/" not in page.url


async def test_an_owner_who_leaves_is_told_who_follows(visit: Visit, live_house: House) -> None:
    alice, bob, carol = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    group = await live_house.conversation(alice, bob, carol, title="Lunch")
    one, other = await at_details(visit, alice, group.id), await at_details(visit, bob, group.id)
    await one.page.get_by_role("button", name="Leave the group").click()
    await expect(one.page.get_by_text("You own this group: it passes to")).to_be_visible()
    await one.page.get_by_role("button", name="Leave", exact=True).click()

    await expect(one.page.get_by_role("heading", name="Nothing is open")).to_be_visible()
    await expect(one.page.get_by_role("link", name="Lunch")).to_have_count(0)
    await expect(line(other, "Bob")).to_contain_text("owner")
    await expect(line(other, "Alice")).to_have_count(0)


async def test_a_new_name_is_shown_to_the_others_at_once(visit: Visit, live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob", name="Bob")
    conversation = await live_house.conversation(alice, bob)
    await live_house.message(conversation, bob, "Hello")
    one = await visit(alice, f"/#/conversations/{conversation.id}")
    await expect(one.page.get_by_role("heading", name="Bob")).to_be_visible()

    await bob.client.patch("/users/me", json={"user": {"name": "Robert"}})
    await run_jobs(live_house)

    await expect(one.page.get_by_role("heading", name="Robert")).to_be_visible()
    await expect(one.page.locator(".message .author")).to_have_text("Robert")
    await expect(one.page.locator(".conversations .title")).to_have_text("Robert")
