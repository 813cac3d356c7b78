"""What is kept of a second factor, and what is never written down."""

from base64 import b32decode

from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from app.kit.vault import Vault
from tests.answers import refusal
from tests.auth.signing import sign_in
from tests.factories import House
from tests.second_factor.phone import PATH, Hands, begin, enrol, renew

EMAIL = "alice@example.com"


def use_keys(house: House, *keys: str) -> None:
    """As if the house had been started with these."""
    house.state["vault"] = Vault([SecretStr(key) for key in keys])


async def stored_secret(house: House) -> str:
    async with house.session() as session:
        stored = await session.execute(text("SELECT secret FROM second_factors"))
        return str(stored.scalar_one())


async def test_the_secret_is_encrypted(house: House, hands: Hands) -> None:
    use_keys(house, "a key")
    phone, _ = await enrol(await house.person("alice"), hands)

    stored = await stored_secret(house)

    assert phone.secret not in stored
    assert b32decode(phone.secret).hex() not in stored
    opened = Vault([SecretStr("a key")]).open(stored)
    assert opened is not None
    assert opened.text == phone.secret


async def test_the_same_secret_looks_different_each_time(house: House, hands: Hands) -> None:
    phone, _ = await enrol(await house.person("alice"), hands)

    assert house.state["vault"].lock(phone.secret) != await stored_secret(house)


async def test_a_key_can_be_dropped_once_the_secret_was_used(house: House, hands: Hands) -> None:
    use_keys(house, "old")
    phone, _ = await enrol(await house.person("alice"), hands)

    use_keys(house, "new", "old")
    assert (await sign_in(house, EMAIL, otp_attempt=phone.code())).status_code == 200
    use_keys(house, "new")
    assert (await sign_in(house, EMAIL, otp_attempt=phone.next_code())).status_code == 200
    use_keys(house, "old")
    gone = await sign_in(house, EMAIL, otp_attempt=phone.next_code())
    assert refusal(gone) == (401, "invalid_second_factor")


async def test_a_secret_that_no_key_opens_leaves_the_recovery_codes(
    house: House, hands: Hands
) -> None:
    alice = await house.person("alice")
    phone, codes = await enrol(alice, hands)
    use_keys(house, "another")

    with capture_logs() as logs:
        by_phone = await sign_in(house, EMAIL, otp_attempt=phone.code())
        by_recovery_code = await sign_in(house, EMAIL, otp_attempt=codes[0])

    assert refusal(by_phone) == (401, "invalid_second_factor")
    assert by_recovery_code.status_code == 200
    unreadable = [log for log in logs if log["event"] == "second_factor.unreadable"]
    assert unreadable == [
        {"event": "second_factor.unreadable", "user_id": alice.id, "log_level": "error"}
    ]


async def test_nothing_secret_is_written_down_or_shown_again(house: House, hands: Hands) -> None:
    alice = await house.person("alice")
    with capture_logs() as logs:
        begun = (await begin(alice)).json()
        phone, codes = await enrol(alice, hands)
        entered = [phone.code(), phone.wrong_code(), codes[0]]
        answers = [await sign_in(house, EMAIL, otp_attempt=one) for one in entered]
        new_codes = (await renew(alice, otp_attempt=phone.next_code())).json()["recovery_codes"]
        shown = await alice.client.get(PATH)
    async with house.session() as session:
        activities = (await session.execute(text("SELECT * FROM activities"))).all()

    assert [answer.status_code for answer in answers] == [200, 401, 200]
    secrets = [begun["secret"], phone.secret, phone.code(), *entered, *codes, *new_codes]
    written = f"{logs} {activities} {shown.text} {[answer.text for answer in answers]}"
    assert "second_factor_enabled" in written
    assert not [secret for secret in secrets if secret in written]
