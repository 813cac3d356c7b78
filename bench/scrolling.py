"""How smoothly a long conversation scrolls in Chromium: frames, long tasks, rows in the page."""

import asyncio
import shutil
import sys

import httpx
from playwright.async_api import Page, async_playwright

from bench.house import House, pinned_house

MESSAGES, AT_ONCE = 10_000, 20
ALICE = {"email": "alice@example.com", "password": "correct horse battery", "username": "alice_b"}
WHEEL_PIXELS, WHEEL_TURNS = 400, 300

# A frame is late when two of sixty in a second would have fitted; a long task is the browser's own.
_WATCH = """
() => {
  const seen = (window.seen = { frames: 0, late: 0, longTasks: [], rows: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longTasks.push(Math.round(duration));
  }).observe({ type: "longtask" });
  let before = performance.now();
  const frame = (now) => {
    seen.frames += 1;
    seen.late += now - before > 33.4;
    before = now;
    seen.rows = Math.max(seen.rows, document.querySelectorAll(".messages > li").length);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""


async def main(house: House) -> None:
    base_url = f"http://127.0.0.1:{house.port}"
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as client:
        await client.post("/users", json={"user": ALICE})
        bob = {"email": "bob@example.com", "password": ALICE["password"], "username": "bob_b"}
        async with httpx.AsyncClient(base_url=base_url) as other:
            bob_id = (await other.post("/users", json={"user": bob})).json()["user"]["id"]
        started = await client.post("/conversations", json={"participant_ids": [bob_id]})
        path = f"/conversations/{started.json()['id']}"
        await _say_much(client, f"{path}/messages")
        cookies = [
            {"name": each.name, "value": each.value, "url": base_url} for each in client.cookies.jar
        ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = await browser.new_context(base_url=base_url)
        await context.add_cookies(cookies)  # type: ignore[arg-type]
        await _measure(await context.new_page(), f"/#{path}")
        await browser.close()


async def _say_much(client: httpx.AsyncClient, path: str) -> None:
    async def say(numbers: range) -> None:
        for number in numbers:
            body = f"Message {number}: " + "words and words " * (number % 12)
            await client.post(path, json={"body": body})

    await asyncio.gather(*(say(range(first, MESSAGES, AT_ONCE)) for first in range(AT_ONCE)))


async def _measure(page: Page, path: str) -> None:
    await page.goto(path)
    await page.locator(".message").first.wait_for()
    await page.evaluate(_WATCH)
    await page.locator(".scroller").hover()
    for direction in (-1, 1):
        for _ in range(WHEEL_TURNS):
            await page.mouse.wheel(0, direction * WHEEL_PIXELS)
            await page.evaluate("() => new Promise(requestAnimationFrame)")
    seen = await page.evaluate("window.seen")
    tasks = seen["longTasks"]
    print(f"| messages in the conversation | {MESSAGES:,} |")
    print("|---|---:|")
    print(f"| pixels scrolled, up and down again | {2 * WHEEL_TURNS * WHEEL_PIXELS:,} |")
    print(f"| most rows in the page at once | {seen['rows']} |")
    print(f"| frames, of which late (over 33 ms) | {seen['frames']:,}, {seen['late']:,} |")
    print(
        f"| long tasks (over 50 ms), and the longest | {len(tasks)}, {max(tasks, default=0)} ms |"
    )


if __name__ == "__main__":
    with pinned_house() as house:
        sys.exit(asyncio.run(main(house)))
