"""Whatever becomes of messages, what a page knows by the news is what it would fetch now."""

from random import Random
from typing import Any

import pytest
from playwright.async_api import Page

from app.web.files import VERSION
from tests.factories import House
from tests.messages.walking import MessageWalk
from tests.web.conftest import Visit

STEPS, AT_ONCE = 12, 3
ROUNDS = 40
OPENED = 50
# What the page has, and what the API answers: both as JSON. `seq` is up to where it has counted.
KNOWN_AND_FRESH = """async ([modules, id]) => {
  const { state } = await import(`${modules}/state/store.js`);
  const fetched = async (path) => (await fetch(path)).json();
  const [list, opened, { receipts }] = await Promise.all(
    ["/conversations", `/conversations/${id}`, `/conversations/${id}/receipts`].map(fetched),
  );
  const counted = (all) => all.map((one) => ({ ...one, seq: null }));
  const byUser = (all) => Object.fromEntries(all.map((one) => [one.user_id, one]));
  return [
    {
      list: counted([...state.conversations.values()]),
      messages: state.histories.get(id)?.messages.slice(-OPENED),
      receipts: byUser([...(state.receipts.get(id)?.of.values() ?? [])]),
      wishes: state.wishes.size,
    },
    { list: counted(list), messages: opened.messages, receipts: byUser(receipts), wishes: 0 },
  ];
}""".replace("OPENED", str(OPENED))
UNTIL_SOMETHING_CHANGES = """async ([modules]) => {
  const { subscribe } = await import(`${modules}/state/store.js`);
  const heard = new Promise((resolve) => subscribe(resolve));
  await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 500))]);
}"""
REFRESH = """async ([modules, id]) => {
  const { refresh } = await import(`${modules}/state/histories.js`);
  await refresh(id);
}"""


async def known_and_fresh(page: Page, about: list[Any]) -> tuple[Any, Any]:
    """As soon as they are the same, or as they still differ when it has been patient."""
    for _ in range(ROUNDS):
        known, fresh = await page.evaluate(KNOWN_AND_FRESH, about)
        if known == fresh:
            break
        await page.evaluate(UNTIL_SOMETHING_CHANGES, about)
    return known, fresh


@pytest.mark.parametrize("seed", range(2))
async def test_a_page_knows_by_the_news_what_it_would_fetch(
    visit: Visit, live_house: House, seed: int
) -> None:
    people = [await live_house.person(name) for name in ("alice", "bob", "carol")]
    walk = MessageWalk(live_house, people, seed)
    await walk.begin()
    id = int(walk.path.rsplit("/", 1)[1])
    visitor = await visit(people[0], f"/#{walk.path}")
    page = visitor.page
    about = [f"/web/{VERSION}/js", id]
    await page.locator(".message").first.wait_for()
    random = Random(seed)
    await walk.everything_once()

    for _ in range(STEPS):
        match random.choice(("offline", "refresh", "nothing")):
            case "offline":
                await page.context.set_offline(True)
                await walk.step(AT_ONCE)
                await page.context.set_offline(False)
            case "refresh":
                refreshed = page.evaluate(REFRESH, about)
                await walk.step(AT_ONCE)
                await refreshed
            case _:
                await walk.step(AT_ONCE)

    known, fresh = await known_and_fresh(page, about)
    assert known == fresh
    assert len(known["messages"]) > STEPS
    assert walk.done.total() >= STEPS, "most of it was refused"
