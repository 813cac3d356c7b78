"""Whatever somebody writes is text: it runs nothing, loads nothing and becomes no markup."""

import asyncio
import json
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from playwright.async_api import Browser, Dialog, Route, expect

from tests.factories import PASSWORD, House, Person
from tests.web.browsing import Visitor, visiting
from tests.web.conftest import Visit
from tests.web.injections import INJECTIONS, MARKUP, TEMPLATES

AT_ONCE = 5

# What markup would leave behind, wherever in the page it slipped through.
_CENSUS = """
() => {
  const wrong = [];
  const ours = ["/js/main.js"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (/^(iframe|object|embed|base|style|marquee|video|audio|math)$/.test(name)) wrong.push(name);
    if (name === "script" && !ours.some((end) => element.src.endsWith(end))) wrong.push("script");
    for (const attribute of element.attributes) {
      const isPlaced = attribute.name === "style" && element.matches(".acting, .popover");
      const isHue = element.matches(".face") && /^--hue: [0-9]+;$/.test(attribute.value);
      if (/^on|^style$|^srcdoc$/.test(attribute.name) && !isPlaced && !isHue)
        wrong.push(`${name} ${attribute.name}`);
    }
    if (name === "a" && !/^(https?|mailto):$/.test(element.protocol)) wrong.push(element.href);
    if (name === "a" && element.origin !== location.origin && element.rel !== "noopener noreferrer")
      wrong.push(`rel of ${element.href}`);
  }
  return { wrong, ran: window.ran ?? null };
}
"""


@dataclass
class Watch:
    """What a page asked of others than its own server, and which dialogs it opened."""

    visitor: Visitor
    base_url: str

    async def begin(self) -> None:
        self.elsewhere: list[str] = []
        self.dialogs: list[str] = []
        self.visitor.page.on("dialog", self._note_dialog)
        await self.visitor.page.context.route(self._is_elsewhere, self._note)

    def _is_elsewhere(self, url: str) -> bool:
        return not url.startswith(self.base_url)

    async def _note(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        await route.abort()

    async def _note_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await dialog.accept()

    async def finds_nothing(self, pictures: Iterable[str] = ()) -> None:
        """`pictures`: addresses of faces, which may be anywhere."""
        assert await self.visitor.page.evaluate(_CENSUS) == {"wrong": [], "ran": None}
        hosts = {httpx.URL(url).host for url in pictures}
        assert {httpx.URL(url).host for url in self.elsewhere} <= hosts
        assert self.dialogs == []
        assert self.visitor.mistakes == []


async def watched(visitor: Visitor, house: House) -> Watch:
    watch = Watch(visitor, house.base_url)
    await watch.begin()
    return watch


async def each(works: Iterable[Awaitable[Any]]) -> list[Any]:
    """In their order, a few at once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def do(work: Awaitable[Any]) -> Any:
        async with turn:
            return await work

    return await asyncio.gather(*map(do, works))


async def hostile_people(house: House) -> list[Person]:
    """They have called themselves so, wherever the API let them."""
    people = await each(house.person(f"hostile{n}") for n in range(len(INJECTIONS)))
    answers = await each(
        person.client.patch("/users/me", json={"user": {field: text}})
        for person, text in zip(people, INJECTIONS, strict=True)
        for field in ("name", "username", "avatar_url")
    )
    assert {answer.status_code for answer in answers} == {200, 422}
    return people


def avatars(people: Iterable[dict[str, Any]]) -> list[str]:
    return [person["avatar_url"] for person in people if person["avatar_url"]]


async def say_all(people: list[Person], id: int) -> list[str]:
    """Each in a message, whose file is called so too. Answers the bodies, as they are kept."""
    bodies = []
    for person, text in zip(people, INJECTIONS, strict=True):
        file = await person.client.post("/attachments", params={"name": text}, content=b"x")
        assert file.status_code == 201, text
        draft = {"body": text, "attachment_ids": [file.json()["id"]]}
        said = await person.client.post(f"/conversations/{id}/messages", json=draft)
        assert said.status_code == 201, text
        bodies.append(said.json()["body"])
    return bodies


async def test_what_people_call_themselves_say_and_send_is_only_text(
    visit: Visit, live_house: House
) -> None:
    alice = await live_house.person("alice")
    people = await hostile_people(live_house)
    conversation = await live_house.conversation(alice, *people)
    bodies = await say_all(people, conversation.id)
    known = (await alice.client.get("/conversations")).json()[0]["users"]
    visitor = await visit(alice)
    watch = await watched(visitor, live_house)

    await visitor.page.goto(f"/#/conversations/{conversation.id}")
    await expect(visitor.messages.first).to_be_visible()
    await visitor.page.locator(".scroller").hover()
    while await visitor.messages.count() < len(bodies):
        await visitor.page.mouse.wheel(0, 2_000)
    await expect(visitor.messages).to_have_text(bodies)
    await expect(visitor.page.locator("a.file")).to_have_count(len(INJECTIONS))
    for author in await visitor.page.locator(".message .author").all():
        await author.hover(force=True)
    await visitor.page.get_by_role("button", name="New conversation").click()
    await visitor.page.get_by_label("With whom?").fill("hostile")
    people_found = visitor.page.get_by_role("list", name="People found")
    await expect(people_found.get_by_role("button").first).to_be_visible()
    await visitor.page.get_by_role("button", name="Close").click()
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.get_by_label("Words to find").fill("ran")
    await expect(visitor.page.get_by_role("list", name="Messages found")).to_contain_text(
        "<script>"
    )

    await watch.finds_nothing(avatars(known))


async def test_titles_and_pictures_of_conversations_are_only_text(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob", name=MARKUP[6])
    ids = [bob.id, (await live_house.person("carol")).id]
    drafts = [{"participant_ids": ids, "title": text} for text in INJECTIONS]
    started = await each(alice.client.post("/conversations", json=draft) for draft in drafts)
    titles = [answer.json()["title"] for answer in started if answer.status_code == 201]
    pictured = await each(
        alice.client.patch(f"/conversations/{answer.json()['id']}", json={"picture_url": text})
        for answer, text in zip(started, INJECTIONS, strict=True)
        if answer.status_code == 201
    )
    pictures = [answer.json()["picture_url"] for answer in pictured if answer.status_code == 200]
    assert len(titles) > 60
    visitor = await visit(alice)
    watch = await watched(visitor, live_house)
    await visitor.page.reload()

    shown = visitor.page.locator(".conversations .title")
    await expect(shown).to_have_count(len(titles))
    assert sorted(await shown.all_text_contents()) == sorted(titles)
    for id in [answer.json()["id"] for answer in started if answer.status_code == 201][::8]:
        await visitor.page.goto(f"/#/conversations/{id}")
        await expect(visitor.page.locator(".head h1")).to_be_visible()

    await watch.finds_nothing(pictures)


async def test_what_one_writes_looks_for_or_is_told_is_only_text(
    visit: Visit, live_house: House
) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    path = f"/#/conversations/{conversation.id}"
    visitor = await visit(alice, path)
    watch = await watched(visitor, live_house)
    page = visitor.page
    everything = "\n".join(INJECTIONS)
    refusal = {"error": everything, "code": "forbidden"}
    await page.route("**/messages", lambda route: route.fulfill(status=403, json=refusal))
    await visitor.say(everything)
    await visitor.composer.fill(everything)
    await page.reload()
    await expect(page.get_by_role("alert").filter(has_text="Not sent.")).to_be_visible()
    await expect(page.locator(".is-failed .body")).to_contain_text("<script>")
    assert "<script>" in await visitor.composer.input_value()

    await page.keyboard.press("Control+k")
    for text in INJECTIONS[::6]:
        async with page.expect_response("**/search?*"):
            await page.get_by_label("Words to find").fill(text[:200])
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="New conversation").click()
    for text in MARKUP[::6]:
        async with page.expect_response("**/users?query=*"):
            await page.get_by_label("With whom?").fill(text)

    await watch.finds_nothing()


async def arrange_account(alice: Person, house: House) -> list[str]:
    """Tokens and logins that are called so; answers the names of the tokens, as they are kept."""
    drafts = [
        {"name": text, "scope": "read", "current_password": PASSWORD} for text in INJECTIONS[::8]
    ]
    made = [await alice.client.post("/users/tokens", json=draft) for draft in drafts]
    assert 201 in {answer.status_code for answer in made} <= {201, 422}
    for text in (MARKUP[0], MARKUP[6]):
        who = {"email": "alice@example.com", "password": PASSWORD}
        answer = await house.client().post(
            "/users/sign_in", json={"user": who}, headers={"User-Agent": text}
        )
        assert answer.status_code == 200
    return [token["name"] for token in (await alice.client.get("/users/tokens")).json()]


async def test_what_settings_and_details_show_is_only_text(visit: Visit, live_house: House) -> None:
    alice = await live_house.person("alice", name=MARKUP[6])
    names = [*MARKUP[::4], *TEMPLATES]
    people = [await live_house.person(f"hostile{n}", name=name) for n, name in enumerate(names)]
    draft = {"participant_ids": [person.id for person in people], "title": MARKUP[0]}
    started = (await alice.client.post("/conversations", json=draft)).json()
    await alice.client.post(f"/conversations/{started['id']}/invites", json={})
    tokens = await arrange_account(alice, live_house)
    visitor = await visit(alice)
    watch = await watched(visitor, live_house)
    page = visitor.page

    await page.goto("/#/settings/profile")
    await expect(page.get_by_label("Name", exact=True)).to_have_value(MARKUP[6])
    await page.goto("/#/settings/tokens")
    await expect(page.locator(".lines strong")).to_have_text(tokens)
    await page.get_by_role("button", name="Revoke").first.click()
    await page.get_by_role("button", name="Cancel").click()
    for part in ("logins", "activity"):
        await page.goto(f"/#/settings/{part}")
        await expect(page.get_by_text(MARKUP[0]).first).to_be_visible()
    await page.goto(f"/#/conversations/{started['id']}/details")
    people_in_it = page.get_by_role("list", name="People in it")
    for name in names:
        await expect(people_in_it.get_by_text(name, exact=True)).to_be_visible()
    await expect(page.get_by_text("Made by you")).to_be_visible()
    await page.get_by_role("button", name="Remove", exact=False).first.click()
    await expect(page.get_by_role("heading", name="Remove ")).to_be_visible()

    await watch.finds_nothing()


async def test_the_address_and_the_entrance_are_only_text(visit: Visit, live_house: House) -> None:
    visitor = await visit()
    watch = await watched(visitor, live_house)
    page = visitor.page
    for text in [*INJECTIONS[::4], *TEMPLATES]:
        await page.goto(f"/#/{quote(text)}?at={quote(text)}")
    everything = "\n".join(INJECTIONS)
    await page.goto(f"/users/password/edit?reset_password_token={quote(everything[:2000])}")
    await page.goto("/#/sign-up")
    await page.reload()
    problems = {"errors": [everything], "fields": {"user.email": INJECTIONS}, "code": "invalid"}
    await page.route("**/users/sign_in", lambda route: route.fulfill(status=422, json=problems))
    await page.goto("/")
    await page.get_by_label("E-mail").fill(MARKUP[0])
    await page.get_by_label("Password").fill(MARKUP[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator(".error").first).to_contain_text("<script>")

    await watch.finds_nothing()


# As if the server itself had let markup through.
_SLIPPED = f"<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>{MARKUP[0]}"


async def ran_in(visitor: Visitor, base_url: str, *, with_policy: bool) -> object:
    async def slip(route: Route) -> None:
        answer = await route.fetch()
        headers = {
            name: value
            for name, value in answer.headers.items()
            if with_policy or name != "content-security-policy"
        }
        body = await answer.text() + _SLIPPED
        await route.fulfill(status=200, headers=headers, body=body)

    await visitor.page.route(f"{base_url}/", slip)
    await visitor.page.goto("/")
    await expect(visitor.page.get_by_role("button", name="Sign in")).to_be_visible()
    return await visitor.page.evaluate("window.ran ?? null")


async def test_the_policy_alone_would_have_stopped_a_script(
    browser: Browser, live_house: House
) -> None:
    url = live_house.base_url
    async with visiting(browser, url) as visit:
        without, behind = await visit(), await visit()
        assert await ran_in(without, url, with_policy=False) == 1, "else this would prove nothing"
        assert await ran_in(behind, url, with_policy=True) is None
        assert [words for words in behind.mistakes if "script-src" in words]
        behind.mistakes.clear()


async def test_text_cannot_be_made_markup_by_any_script_of_ours(visit: Visit) -> None:
    visitor = await visit()
    ways = [
        "document.body.innerHTML = text",
        "document.body.insertAdjacentHTML('beforeend', text)",
        "document.write(text)",
        "new DOMParser().parseFromString(text, 'text/html')",
        "document.body.append(document.createRange().createContextualFragment(text))",
        "document.body.append(Object.assign(document.createElement('script'), { text: text }))",
    ]
    for way in ways:
        run = (
            f"(text) => {{ try {{ {way}; return null; }} catch (error) {{ return error.name; }} }}"
        )
        assert await visitor.page.evaluate(run, MARKUP[0]) == "TypeError", way
    assert await visitor.page.evaluate("window.ran ?? null") is None
    assert len(visitor.mistakes) == len(ways), json.dumps(visitor.mistakes)
    visitor.mistakes.clear()
