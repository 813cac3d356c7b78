"""Mails that tell somebody what happened to their second factor."""

from tests.auth.signing import sign_in
from tests.factories import House
from tests.jobs import run_jobs
from tests.mailbox import Mailbox
from tests.second_factor.phone import Hands, Phone, begin, confirm, disable, enrol, renew

EMAIL = "alice@example.com"


async def subjects(house: House, mailbox: Mailbox) -> list[str]:
    """Of what came since it was last asked."""
    await run_jobs(house)
    found = [letter.subject for letter in mailbox.to(EMAIL)]
    mailbox.clear()
    return found


async def test_turning_it_on_is_told(house: House, hands: Hands, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    phone = Phone((await begin(alice)).json()["secret"], hands)
    await confirm(alice, phone.wrong_code())
    assert await subjects(house, mailbox) == []

    await confirm(alice, phone.code())

    assert await subjects(house, mailbox) == [
        "A second factor was turned on for your ChatFlow account"
    ]


async def test_turning_it_off_is_told(house: House, hands: Hands, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)
    await subjects(house, mailbox)
    await disable(alice, otp_attempt=phone.wrong_code())
    assert await subjects(house, mailbox) == []

    await disable(alice, otp_attempt=phone.code())

    assert await subjects(house, mailbox) == [
        "The second factor of your ChatFlow account was turned off"
    ]


async def test_using_a_recovery_code_is_told(house: House, hands: Hands, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    phone, codes = await enrol(alice, hands)
    await subjects(house, mailbox)
    await sign_in(house, EMAIL, otp_attempt=phone.code())
    await begin(alice, otp_attempt=codes[0])  # It conflicts, and so uses nothing up.
    assert await subjects(house, mailbox) == []

    await sign_in(house, EMAIL, otp_attempt=codes[0])

    assert await subjects(house, mailbox) == ["A recovery code of your ChatFlow account was used"]


async def test_renewing_them_is_told(house: House, hands: Hands, mailbox: Mailbox) -> None:
    alice = await house.person("alice")
    phone, _ = await enrol(alice, hands)
    await subjects(house, mailbox)
    await renew(alice)
    assert await subjects(house, mailbox) == []

    await renew(alice, otp_attempt=phone.code())

    assert await subjects(house, mailbox) == [
        "The recovery codes of your ChatFlow account were renewed"
    ]
