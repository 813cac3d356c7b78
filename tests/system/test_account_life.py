"""The life of an account, from registration to farewell, on real servers and over real mail."""

from tests.answers import refusal
from tests.realtime.feed.streams import Stream
from tests.system.resident import NEW_PASSWORD, Resident, cookie_of
from tests.system.street import Street, open_street


async def test_one_person_from_registration_to_farewell() -> None:
    async with open_street(confirmation_required="true") as street:
        alice = Resident(street, "alice", street.client())
        bob = Resident(street, "bob", street.client())
        await bob.moves_in()

        await alice.registers()
        assert refusal(await alice.signs_in()) == (401, "unconfirmed")
        await alice.confirms()
        assert (await alice.signs_in(remember_me=True)).status_code == 200

        await stays_signed_in_when_the_server_restarts(alice)
        await loses_her_password(alice)
        conversation_id = await alice.begins_conversation(bob)
        await alice.turns_on_second_factor()
        await ends_a_login_that_she_left_on_another_device(alice, conversation_id)
        await has_a_script_speak_and_listen(alice, conversation_id)
        await reads_what_happened(alice)
        await goes_and_bob_stays(alice, bob, conversation_id)


async def stays_signed_in_when_the_server_restarts(alice: Resident) -> None:
    (kept,) = (cookie for cookie in alice.browser.cookies.jar if cookie.name == "_chatflow_session")
    assert kept.expires, "or the browser would forget it"

    await alice.street.close()
    await alice.street.open()

    assert (await alice.browser.get("/users/me")).json()["email"] == alice.email


async def loses_her_password(alice: Resident) -> None:
    forgotten = alice.password
    elsewhere = alice.street.client()
    assert (await alice.signs_in(elsewhere)).status_code == 200

    await alice.resets_password(NEW_PASSWORD)

    assert (await alice.browser.get("/users/me")).status_code == 200, "it has signed her in"
    assert (await elsewhere.get("/users/me")).status_code == 401
    stale = await alice.signs_in(elsewhere, password=forgotten)
    assert refusal(stale) == (401, "invalid_credentials")


async def ends_a_login_that_she_left_on_another_device(
    alice: Resident, conversation_id: int
) -> None:
    library = alice.street.client(user_agent="The library")
    by_password_alone = await alice.signs_in(library, otp_attempt=None)
    assert refusal(by_password_alone) == (401, "second_factor_required")
    assert (await alice.signs_in(library)).status_code == 200

    async with alice.street.cable(conversation_id, cookie_of(library)) as left_open:
        logins = {login["device"]: login for login in await alice.logins()}
        assert len(logins) == 2
        assert not logins["The library"]["current"]
        ended = await alice.browser.delete(f"/users/logins/{logins['The library']['id']}")
        assert ended.status_code == 204
        assert await left_open.goodbye() == (4401, "unauthenticated")

    assert (await library.get("/users/me")).status_code == 401
    assert (await alice.browser.get("/users/me")).status_code == 200


async def has_a_script_speak_and_listen(alice: Resident, conversation_id: int) -> None:
    script = await alice.makes_token("write")
    path = f"/conversations/{conversation_id}"
    said = {"body": "The report is ready"}
    bearer = {"Authorization": script.headers["Authorization"]}

    async with (
        alice.street.cable(conversation_id, bearer) as cable,
        script.stream("GET", f"{path}/events", headers={"Accept": "text/event-stream"}) as answer,
    ):
        stream = Stream(answer)
        await stream.next_of("welcome")
        assert (await script.post(f"{path}/messages", json=said)).status_code == 201
        for heard in (
            await cable.next_of("message.created"),
            await stream.data_of("message.created"),
        ):
            assert heard["message"]["body"] == said["body"]
        assert (await cable.ask(type="message.create", body="And sent"))["status"] == 201


async def reads_what_happened(alice: Resident) -> None:
    story = [name for name in reversed(await alice.activity()) if name != "signed_in"]

    assert story == [
        *("signed_up", "email_confirmed", "password_reset", "sign_in_failed"),
        *("second_factor_enabled", "login_ended", "recovery_code_used", "token_created"),
    ]


async def goes_and_bob_stays(alice: Resident, bob: Resident, conversation_id: int) -> None:
    async with bob.street.cable(conversation_id, cookie_of(bob.browser)) as bobs:
        await alice.closes_account()
        await bob.says(conversation_id, "Where did she go?")
        assert (await bobs.next_of("message.created"))["message"]["body"] == "Where did she go?"

    seen = (await bob.browser.get(f"/conversations/{conversation_id}")).json()
    (gone,) = (one for one in seen["participants"] if one["id"] == alice.id)
    assert (gone["name"], gone["username"], gone["email"]) == ("Deleted user", None, None)
    assert [message["user_id"] for message in seen["messages"]] == [alice.id, alice.id, bob.id]
    assert refusal(await alice.signs_in()) == (401, "invalid_credentials")
    await told_by_mail(alice.street, alice.email)


async def told_by_mail(street: Street, email: str) -> None:
    """Each of her steps that somebody else could have made."""
    for subject in (
        "The password of your ChatFlow account was reset",
        "A second factor was turned on for your ChatFlow account",
        "A token was made for your ChatFlow account",
        "Your ChatFlow account was closed",
    ):
        await street.letter(email, subject)
