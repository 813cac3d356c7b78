"""GET, PUT and PATCH /users/me"""

from typing import Any

import pytest

from tests.answers import read_error, refusal
from tests.factories import House
from tests.users.editing import edit


async def test_me_is_who_is_signed_in(house: House) -> None:
    alice = await house.person("alice", name="Alice L.", avatar_url="https://example.com/a")

    me = await alice.client.get("/users/me")

    assert me.status_code == 200
    assert me.json() == {
        "id": alice.id,
        "email": "alice@example.com",
        "username": "alice",
        "name": "Alice L.",
        "avatar_url": "https://example.com/a",
        "show_presence": True,
        "read_receipts": True,
    }
    assert me.headers["cache-control"] == "private, no-cache"


async def test_nobody_has_no_profile(house: House) -> None:
    nobody = house.client()

    assert refusal(await nobody.get("/users/me")) == (401, "unauthenticated")
    assert refusal(await nobody.put("/users/me", json={"name": "x"})) == (401, "unauthenticated")
    assert refusal(await nobody.patch("/users/me", json={"name": "x"})) == (401, "unauthenticated")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_profile_is_changed(house: House, method: str, is_wrapped: bool) -> None:
    alice = await house.person("alice")
    fields = {"username": "liddell", "name": "Alice L.", "avatar_url": "https://example.com/a"}

    answer = await alice.client.request(
        method, "/users/me", json={"user": fields} if is_wrapped else fields
    )

    assert answer.status_code == 200
    shown = {"show_presence": True, "read_receipts": True}
    user = {"id": alice.id, "email": "alice@example.com"} | shown | fields
    assert answer.json() == {"ok": True, "user": user}
    assert (await alice.client.get("/users/me")).json() == user


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_is_not_named_stays(house: House, method: str) -> None:
    alice = await house.person("alice", avatar_url="https://example.com/a")

    answer = await alice.client.request(method, "/users/me", json={"name": "A."})

    user = answer.json()["user"]
    assert user["name"] == "A."
    assert user["username"] == "alice"
    assert user["avatar_url"] == "https://example.com/a"


async def test_unknown_and_protected_fields_are_ignored(house: House) -> None:
    alice = await house.person("alice")
    before = (await alice.client.get("/users/me")).json()

    for fields in (
        {"email": "x@example.com", "id": 99, "encrypted_password": "x", "admin": True},
        {},
    ):
        answer = await edit(alice, **fields)
        assert answer.status_code == 200
        assert answer.json()["user"] == before


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u3000"])
@pytest.mark.parametrize("field", ["username", "name", "avatar_url"])
async def test_null_or_blank_clears_a_field(house: House, field: str, nothing: str | None) -> None:
    alice = await house.person("alice", avatar_url="https://example.com/a")

    answer = await edit(alice, **{field: nothing})

    assert answer.status_code == 200
    assert answer.json()["user"][field] is None


@pytest.mark.parametrize(
    "body", [{"user": []}, {"user": ""}, {"user": 0}, {"user": False}, {"user": "x"}]
)
async def test_the_wrapper_holds_an_object(house: House, body: Any) -> None:
    alice = await house.person("alice")

    assert refusal(await alice.client.patch("/users/me", json=body))[0] == 422


USERNAMES = {
    "bob": "bob",
    " bob ": "bob",
    "ｂｏｂ": "bob",
    "ﬁona": "fiona",
    "zoe\u0308": "zo\xeb",
    "Bob_the.Builder-2": "Bob_the.Builder-2",
    "иван": "иван",
    "小明同学": "小明同学",
    "मीरा": "मीरा",
    "א״ב": None,
    "bob smith": None,
    "bob@home": None,
    "bob!": None,
    "bob/bob": None,
    "<b>bob</b>": None,
    "bob\u200bbob": None,
    "bob\u202ebob": None,
    "bob\u3164bob": None,
    "bob\xadbob": None,
    "bob\0bob": None,
    "bob🙂": None,
    "ab": None,
    "x" * 33: None,
}


@pytest.mark.parametrize(("sent", "stored"), USERNAMES.items(), ids=range(len(USERNAMES)))
async def test_usernames_have_letters_digits_and_little_else(
    house: House, sent: str, stored: str | None
) -> None:
    alice = await house.person("alice")

    answer = await edit(alice, username=sent)

    if stored is None:
        status, code = refusal(answer)
        assert status == 422
        assert code in ("username_invalid", "username_too_short", "username_too_long")
        assert list(answer.json()["fields"]) == ["username"]
    else:
        assert answer.json()["user"]["username"] == stored


async def test_a_username_has_3_to_32_characters_after_nfkc(house: House) -> None:
    alice = await house.person("alice")

    assert (await edit(alice, username="㎏㎏")).json()["user"]["username"] == "kgkg"
    assert refusal(await edit(alice, username="ﷺ" * 2)) == (422, "username_too_long")
    assert refusal(await edit(alice, username="e\u0301e\u0301")) == (422, "username_too_short")


@pytest.mark.parametrize("username", ["bob", "BOB", "ｂｏｂ", " bob "])
async def test_a_username_belongs_to_one_person(house: House, username: str) -> None:
    alice, _ = await house.person("alice"), await house.person("bob")

    refused = await edit(alice, username=username)

    assert refusal(refused) == (422, "username_taken")
    assert refused.json()["errors"] == ["Username has already been taken"]
    assert (await alice.client.get("/users/me")).json()["username"] == "alice"


async def test_ones_own_username_is_not_taken(house: House) -> None:
    alice = await house.person("alice")

    assert (await edit(alice, username="ALICE")).json()["user"]["username"] == "ALICE"


async def test_a_name_has_up_to_100_characters_on_one_line(house: House) -> None:
    alice = await house.person("alice")

    assert (await edit(alice, name="🙂" * 100)).json()["user"]["name"] == "🙂" * 100
    assert (await edit(alice, name="  Alice \n\t L. ")).json()["user"]["name"] == "Alice L."
    assert refusal(await edit(alice, name="x" * 101)) == (422, "name_too_long")


ADDRESSES = {
    "https://example.com/a.png?x=1#y": True,
    "http://example.com": True,
    "HTTPS://EXAMPLE.COM/A.PNG": True,
    " https://example.com/a ": True,
    "https://bücher.example/ü": True,
    "https://example.com:8080/": True,
    "https://[::1]/a": True,
    "https://example.com/" + "x" * 2_028: True,
    "https://example.com/" + "x" * 2_029: False,
    "javascript:alert(1)": False,
    "JavaScript:alert(1)": False,
    "java\nscript:alert(1)": False,
    "data:image/png;base64,AAAA": False,
    "ftp://example.com/a": False,
    "file:///etc/passwd": False,
    "//example.com/a": False,
    "/a.png": False,
    "https:": False,
    "https://": False,
    "https:///a": False,
    "https:example.com": False,
    "https://example.com/a b": False,
    "https://example.com/\u202egnp": False,
    "https://user:password@example.com/": False,
    "x https://example.com/": False,
    "vbscript:x": False,
    "blob:https://example.com/x": False,
    "view-source:https://example.com/": False,
    "\x01javascript:alert(1)": False,
    "https://example.com/'a'|b{c}": True,
    'https://example.com/"onerror=alert(1)': False,
    "https://example.com/<script>": False,
    "https://example.com/a\\b": False,
    "https://example.com\\@evil.example/": False,
    "https://example.com@evil.example/": False,
    "https://@example.com/": False,
    "https://user%40example.com@evil.example/": False,
    "https://example.com/@alice": True,
    "https://example.com/a?b=user@example.com": True,
    "https://exa mple.com/": False,
    "https://exa\tmple.com/": False,
    "https://exa\nmple.com/": False,
    "https://exam\u200bple.com/": False,
    "https://exam\xadple.com/": False,
    "https://example.com/\x00": False,
    "https://例え.テスト/": True,
    "https://xn--bcher-kva.example/": True,
    "https://xn--/": False,
    "https://127.0.0.1/a": True,
    "https://256.256.256.256/a": False,
    "https://[::1]:8443/a": True,
    "https://[2001:db8::1]/a": True,
    "https://[::1/a": False,
    "https://::1]/a": False,
    "https://[]/a": False,
    "https://[::g]/a": False,
    "https://[::1]a/": False,
    "https://example.com:0/": True,
    "https://example.com:65535/": True,
    "https://example.com:65536/": False,
    "https://example.com:99999999999999999999/": False,
    "https://example.com:-1/": False,
    "https://example.com:port/": False,
    "https://example.com:/": True,
    "https://:80/": False,
    "https://a:b:c/": False,
    "https://exa%mple.com/": False,
    "https://exa<mple.com/": False,
    "https://.": True,
    "https://?": False,
    "https://#": False,
    "https": False,
    ":": False,
}


@pytest.mark.parametrize(("url", "is_good"), ADDRESSES.items(), ids=range(len(ADDRESSES)))
async def test_an_avatar_is_at_an_http_address(house: House, url: str, is_good: bool) -> None:
    alice = await house.person("alice")

    answer = await edit(alice, avatar_url=url)

    if is_good:
        assert answer.json()["user"]["avatar_url"] == url.strip()
    else:
        status, code = refusal(answer)
        assert status == 422
        assert code in ("avatar_url_invalid", "avatar_url_too_long")


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, ["x"]])
@pytest.mark.parametrize("field", ["username", "name", "avatar_url"])
async def test_only_texts_are_taken(house: House, field: str, value: object) -> None:
    alice = await house.person("alice")

    assert refusal(await edit(alice, **{field: value})) == (422, f"{field}_not_a_string")


async def test_a_change_is_made_whole_or_not_at_all(house: House) -> None:
    alice = await house.person("alice")

    refused = await edit(alice, name="New Name", username="!", avatar_url="javascript:x")

    assert set(read_error(refused)["fields"]) == {"username", "avatar_url"}
    assert refused.json()["code"] == "invalid"
    assert (await alice.client.get("/users/me")).json()["name"] == "Alice"


async def test_nothing_that_was_submitted_is_repeated(house: House) -> None:
    alice = await house.person("alice")

    refused = await edit(
        alice, username="swordfish!", avatar_url="swordfish:x", name="swordfish" * 99
    )

    assert refused.status_code == 422
    assert "swordfish" not in refused.text
