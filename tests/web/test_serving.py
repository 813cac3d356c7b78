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
# Settings, details, search and more that comes when it is opened first: see later.js.
MAX_BYTES_LATER = 43_000
AT_ONCE = r'^import [^"(]*'
LATER = r"\bimport\("
COMMENTS = ("/*", "* ", "*", "*/", "//")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


async def page(house: House, path: str = "/", **headers: str) -> httpx.Response:
    return await house.client().get(path, headers=BROWSER | headers)


def named_in(text: str) -> set[str]:
    """Which files a page names."""
    return set(re.findall(rf'(?:href|src)="/web/{VERSION}/([^"]+)"', text))


def reached(imports: str) -> set[str]:
    """The modules that the first leads to, by what stands before a path in them."""
    found = {"js/main.js"}
    left = [*found]
    while left:
        name = left.pop()
        paths = re.findall(rf'{imports}"([^"]+)"', FILES[name].content.decode(), re.MULTILINE)
        others = {normpath(join(dirname(name), path)) for path in paths} - found
        found |= others
        left += others
    return found


async def test_the_page_names_what_it_needs_at_once_and_not_what_comes_later(house: House) -> None:
    modules = {name for name in FILES if name.endswith(".js")}
    named = named_in((await page(house)).text)

    assert named - modules == FILES.keys() - modules
    assert named & modules == reached(AT_ONCE)
    assert modules == reached(f"(?:{AT_ONCE}|{LATER})")
    assert modules - named


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
    assert not re.search(r"<style|<script(?! type=\"module\" src=)|\son\w+=|style=", answer.text)


def test_what_comes_at_once_is_small_and_so_is_what_comes_later() -> None:
    named = named_in(PAGE.content.decode())
    at_once = [PAGE, *(FILES[name] for name in named)]
    later = [FILES[name] for name in FILES.keys() - named]

    assert sum(len(file.content) for file in at_once) <= MAX_BYTES
    assert sum(len(file.content) for file in later) <= MAX_BYTES_LATER


def test_only_comments_and_indentation_stay_at_home_and_lines_keep_their_numbers() -> None:
    folder = Path(files.__file__).parent
    for name, file in FILES.items():
        written = (folder / name).read_text().splitlines()
        sent = file.content.decode().splitlines()
        assert len(sent) == len(written), name
        for mine, theirs in zip(written, sent, strict=True):
            assert theirs == mine.lstrip() or (theirs == "" and mine.lstrip()[:2] in COMMENTS), name


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
