"""No link that opens an account is anywhere but in the mail."""

import pytest
from sqlalchemy import text

from app.kit.mail import NotSent
from tests.accounts.links import ask_for_password, is_good, reset, token_in
from tests.factories import House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox

_EVERYTHING = (
    "SELECT coalesce(string_agg(t::text, ' '), '') || coalesce("
    "string_agg(encode(payload, 'escape'), ' '), '') FROM pgqueuer t",
    "SELECT string_agg(t::text, ' ') FROM pgqueuer_log t",
    "SELECT string_agg(t::text, ' ') FROM events t",
    "SELECT string_agg(t::text, ' ') FROM activities t",
    "SELECT string_agg(t::text, ' ') FROM mailed_tokens t",
)


async def stored(house: House) -> str:
    async with house.session() as session:
        found = [await session.scalar(text(query)) for query in _EVERYTHING]
    return " ".join(one or "" for one in found)


async def test_a_token_is_in_no_log_job_or_event(
    house: House, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    await house.person("alice")
    await ask_for_password(house, "alice@example.com")
    assert "alice@example.com" in await stored(house), "the job is looked at, too"
    await run_jobs(house)
    token = token_in(mailbox.only("alice@example.com"))
    before = await stored(house)

    assert await is_good(house, token)
    used = await reset(house, token)
    refused = await reset(house, token)

    lines = [line for line in caplog.text.splitlines() if "HTTP Request" not in line]
    assert any("password_reset" in line for line in lines), "there is a log to look at"
    assert token not in "\n".join(lines)
    assert token not in before
    assert token not in await stored(house)
    for answer in (used, refused):
        assert token not in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache")


async def test_a_failed_mail_leaves_no_token_behind(
    house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again, it is another link: that of the mail that went out."""
    await house.person("alice")
    await ask_for_password(house, "alice@example.com")
    send, tried = house.state["postman"].send, []

    async def fail_once(mail: object) -> None:
        tried.append(mail)
        if len(tried) == 1:
            raise NotSent("away")
        await send(mail)

    monkeypatch.setattr(house.state["postman"], "send", fail_once)
    await run_jobs(house, may_fail=True)
    assert mailbox.letters == []
    async with house.session() as session:
        await session.execute(text("UPDATE pgqueuer SET execute_after = now()"))
    await run_jobs(house)

    assert len(tried) == 2
    assert (await reset(house, token_in(mailbox.only("alice@example.com")))).status_code == 200
