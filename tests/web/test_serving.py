"""The client's files, as a browser gets them."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

import httpx
import pytest

from app.web import files
from app.web.files import FILES, PAGE, VERSION
from tests.factories import House

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MAX_BYTES = 150_000
AT_ONCE = r"\bimport\b[^\"`(;]*"
LATER = r"\bimport\("
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


async def page(house: House, path: str = "/", **headers: str) -> httpx.Response:
    return await house.client().get(path, headers=BROWSER | headers)


def named_in(text: str) -> set[str]:
    """Which files a page names."""
    return set(re.findall(rf"(?:href|src)=/web/{VERSION}/([^ >]+)", text))


def imported(name: str, how: str) -> set[str]:
    """By a module, of what stands before the path."""
    paths = re.findall(rf"(?:{how})[`\"]([^`\"]+)[`\"]", FILES[name].content.decode())
    return {normpath(join(dirname(name), path)) for path in paths}


def reached(how: str) -> set[str]:
    """The modules that the first leads to."""
    found: set[str] = set()
    left = {"js/main.js"}
    while left:
        found |= left
        left = {other for name in left for other in imported(name, how)} - found
    return found


async def test_the_page_names_what_leads_to_all_that_it_needs_at_once(house: House) -> None:
    modules = {name for name in FILES if name.endswith(".js")}
    named = named_in((await page(house)).text)

    assert named - modules == FILES.keys() - modules
    second = {other for name in named & modules for other in imported(name, AT_ONCE)}
    assert named & modules | second == reached(AT_ONCE)
    assert modules == reached(f"{AT_ONCE}|{LATER}")
    assert modules - named - second


async def test_every_file_is_there_and_may_be_kept(house: House) -> None:
    for name in FILES:
        path = f"/web/{VERSION}/{name}"
        answer = await house.client().get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        suffix = path[path.rindex(".") :]
        assert answer.headers["content-type"] == TYPES.get(suffix, "image/svg+xml")
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_policy_lets_nothing_run_that_is_not_ours(house: House) -> None:
    answer = await page(house)

    policy = dict(
        directive.strip().split(" ", 1)
        for directive in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"<style|<script(?! src=)|\son\w+=|style=", answer.text)


def test_all_of_it_is_small() -> None:
    assert sum(len(file.content) for file in (PAGE, *FILES.values())) < MAX_BYTES


def test_what_is_sent_is_what_is_written_without_what_only_its_readers_need() -> None:
    folder = Path(files.__file__).parent
    for name, file in FILES.items():
        written, sent = (folder / name).read_text(), file.content.decode()
        assert "/*" not in sent, name
        names = set(
            re.findall(r"^export (?:async )?(?:const|class|function\*?) (\w+)", written, re.M)
        )
        assert not {one for one in names if not re.search(rf"\b{one}\b", sent)}, name
        assert len(sent) < len(written) or len(written) < 500, name


def test_nothing_comes_from_elsewhere_and_no_text_becomes_markup() -> None:
    for name, file in FILES.items():
        text = file.content.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:from|import|url|src|href)\W+(?:https?:)?//", text), name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text), name


async def test_what_a_browser_has_is_not_sent_again(house: House) -> None:
    for path in ("/", f"/web/{VERSION}/js/main.js", "/web/another/js/main.js"):
        first = await page(house, path)
        again = await page(house, path, **{"If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert again.content == b""
        assert again.headers["cache-control"] == first.headers["cache-control"]


async def test_a_page_of_another_version_gets_our_files_but_does_not_keep_them(
    house: House,
) -> None:
    answer = await house.client().get("/web/another/js/main.js")

    assert answer.content == FILES["js/main.js"].content
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["router.py", "index.html", "js", "", "../router.py", "js/../../router.py", "js/x.js"]
)
async def test_only_the_files_of_the_client_are_served(house: House, name: str) -> None:
    answer = await house.client().get(f"/web/{VERSION}/{name}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/users/password/edit?reset_password_token=x", "/users/unlock?unlock_token=x"]
)
async def test_a_link_from_a_mail_opens_the_client_in_a_browser(house: House, path: str) -> None:
    browser = await page(house, path)
    program = await house.client().get(path)

    assert browser.text == PAGE.content.decode()
    assert browser.headers["vary"] == "Accept"
    assert program.headers["content-type"] == "application/json"


async def test_another_method_at_an_address_of_the_page_is_refused(house: House) -> None:
    answer = await house.client().post("/", headers=BROWSER)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
