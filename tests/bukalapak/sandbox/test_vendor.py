"""Bukalapak's side: the documented shapes, texts and rules, and sequences of calls that change state."""

from __future__ import annotations

import asyncio
import base64
import datetime
import json
import re
import shutil
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukalapak_async.sandbox import BukalapakSandbox, BukalapakState, Edition
from nusantara.sandbox import Sandbox

MAIN, PARTNER, ADMIN, HELM = "71203", "155218", "6", "168501"
NOT_YOURS = "Gagal membaca message, hanya bisa membuka inbox milik masing-masing"
WRONG_FORMAT = "Gagal mengirim pesan: harap menggunakan format yang seharusnya"
NOT_SENT = "Gagal mengirim pesan"
ONLY_TO_ADMIN = "Pengiriman pesan untuk kategori ini hanya dapat ditujukan kepada admin"
NO_SUCH_RECEIVER = "Tidak dapat mengirim pesan kepada pembeli"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00").fullmatch
IDENTIFIER = re.compile(r"[0-9a-f]{24}").fullmatch

MESSAGE_KEYS = {
    "001": {"_id", "attachment_id", "body", "body_bb", "category", "created_at", "inbox_id", "product_id", "read"}
    | {"receiver_id", "receiver_name", "removed", "sender_id", "sender_name", "updated_at"},
    "002": {"id", "body", "created_at", "inbox_id", "read", "receiver_id", "receiver_name", "sender_id"}
    | {"sender_name", "updated_at"},
}
MESSAGE_KEYS["slate"] = MESSAGE_KEYS["002"] | {"receiver_avatar", "sender_avatar"}
INBOX_KEYS = {"001": {"id", "updated_at", "partner_id", "partner_name", "user_id", "user_name"}}
INBOX_KEYS["002"] = INBOX_KEYS["001"] | {"last_message"}
INBOX_KEYS["slate"] = INBOX_KEYS["002"] | {"partner_avatar", "last_message_read", "last_message_sent"}


class Caller:
    """Calls as one user."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox, user: str, password: str) -> None:
        self._session, self._sandbox = session, sandbox
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}

    async def __call__(self, method: str, path: str, *, status: int = 200, **options: Any) -> Any:
        headers = self._headers | options.pop("headers", {})
        url = self._sandbox.base_url + path
        async with self._session.request(method, url, headers=headers, **options) as answer:
            assert answer.status == status
            assert answer.content_type == "application/json"
            self.headers = answer.headers
            return await answer.json()

    async def send(self, path: str = "/v1/messages.json", **fields: Any) -> Any:
        message = {"receiver_id": PARTNER, "category": "0", "body_bb": "Halo"} | fields
        return await self("POST", path, json={"instant_message": {k: v for k, v in message.items() if v is not None}})


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def state(sandbox: Sandbox) -> BukalapakState:
    found = sandbox.bukalapak
    assert isinstance(found, BukalapakState)
    return found


@pytest.fixture
def main(session: aiohttp.ClientSession, sandbox: Sandbox, state: BukalapakState) -> Caller:
    return Caller(session, sandbox, MAIN, state.user(MAIN).token)


@pytest.fixture
def partner(session: aiohttp.ClientSession, sandbox: Sandbox, state: BukalapakState) -> Caller:
    return Caller(session, sandbox, PARTNER, state.user(PARTNER).token)


@pytest.mark.parametrize("edition", list(Edition))
async def test_every_edition_answers_in_its_own_fields(main: Caller, state: BukalapakState, edition: Edition) -> None:
    state.edition = edition
    inbox = await main("GET", "/v1/messages.json")
    assert set(inbox) == {"status", "unread", "inbox"}
    assert all(set(item) == INBOX_KEYS[edition] for item in inbox["inbox"])
    assert all(TIME(item["updated_at"]) and IDENTIFIER(item["id"]) for item in inbox["inbox"])
    conversation = await main("GET", f"/v1/messages/{inbox['inbox'][0]['id']}.json")
    assert set(conversation) == {"status", "instant_messages", "message"}
    assert conversation["message"] is None
    assert all(set(item) == MESSAGE_KEYS[edition] for item in conversation["instant_messages"])
    newest = conversation["instant_messages"][0]
    message = await main("GET", f"/v1/messages/im/{newest.get('id') or newest.get('_id')}.json")
    assert message == {"status": "OK", "instant_message": newest, "message": None}


async def test_v2_answers_as_slate_whatever_the_edition_of_v1(main: Caller, state: BukalapakState) -> None:
    state.edition = "001"
    assert set((await main("GET", "/v2/messages.json"))["inbox"][0]) == INBOX_KEYS["slate"]


async def test_v1_is_the_second_edition_by_default(main: Caller) -> None:
    assert set((await main("GET", "/v1/messages.json"))["inbox"][0]) == INBOX_KEYS["002"]


async def test_the_inbox_comes_in_pages_newest_first(main: Caller) -> None:
    first = await main("GET", "/v1/messages.json")
    second = await main("GET", "/v1/messages.json?page=2")
    assert (len(first["inbox"]), len(second["inbox"])) == (10, 2)
    items = first["inbox"] + second["inbox"]
    assert [item["updated_at"] for item in items] == sorted((item["updated_at"] for item in items), reverse=True)
    assert len({item["id"] for item in items}) == 12
    assert (await main("GET", "/v1/messages.json?page=3"))["inbox"] == []
    assert (await main("GET", "/v1/messages.json?page=3&per_page=5"))["inbox"] == items[10:]
    assert (await main("GET", "/v1/messages.json?page=x&per_page=0"))["inbox"] == items[:10]
    assert {item["user_name"] for item in items} == {"Warung Kayuh"}
    assert "Layanan Pelanggan " in {item["partner_name"] for item in items}


async def test_a_conversation_comes_in_pages_newest_first(main: Caller, state: BukalapakState) -> None:
    conversation = state.conversation_between(MAIN, "77356")
    pages = [
        (await main("GET", f"/v1/messages/{conversation}.json?page={n}"))["instant_messages"] for n in (1, 2, 3, 4)
    ]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    times = [message["created_at"] for page in pages for message in page]
    assert times == sorted(times, reverse=True)


async def test_the_first_edition_knows_no_pages(main: Caller, state: BukalapakState) -> None:
    state.edition = "001"
    assert len((await main("GET", "/v1/messages.json?page=2&per_page=3"))["inbox"]) == 12


async def test_long_last_messages_are_shortened(main: Caller) -> None:
    previews = [item["last_message"] for item in (await main("GET", "/v1/messages.json?per_page=50"))["inbox"]]
    assert "Mohon dibantu ya..." in previews
    assert all(len(preview) <= 19 for preview in previews)


async def test_body_is_html_and_keeps_line_breaks(main: Caller, state: BukalapakState) -> None:
    bold = state.send(ADMIN, MAIN, "[b]Penting[/b]: 1 < 2\nSalam")
    shown = (await main("GET", f"/v1/messages/im/{bold.id}.json"))["instant_message"]
    assert shown["body"] == "<strong>Penting</strong>: 1 &lt; 2\nSalam"


async def test_unread_filter_and_search_are_of_v2(main: Caller) -> None:
    assert (await main("GET", "/v1/messages.json"))["unread"] == 3
    unread = await main("GET", "/v2/messages.json?filter=unread")
    assert (unread["unread"], len(unread["inbox"])) == (3, 3)
    assert not any(item["last_message_read"] for item in unread["inbox"])
    assert len((await main("GET", "/v2/messages.json?filter=all"))["inbox"]) == 10
    found = (await main("GET", "/v2/messages.json?search=KELINCI+helm"))["inbox"]
    assert [item["partner_name"] for item in found] == ["Intan Kirana"]
    assert len((await main("GET", "/v1/messages.json?filter=unread&search=kelinci"))["inbox"]) == 10


async def test_reading_a_conversation_marks_it_as_read_unless_told_otherwise(
    main: Caller, state: BukalapakState
) -> None:
    path = f"messages/{state.conversation_between(MAIN, '215863')}.json"
    kept = await main("GET", f"/v2/{path}?keep_unread=1&per_page=1")
    assert kept["instant_messages"][0]["read"] is False
    assert (await main("GET", "/v1/messages.json"))["unread"] == 3
    read = await main("GET", f"/v2/{path}?per_page=1")
    assert read["instant_messages"][0]["read"] is True
    assert read["instant_messages"][0]["updated_at"] > read["instant_messages"][0]["created_at"]
    assert (await main("GET", "/v1/messages.json"))["unread"] == 2


async def test_a_sender_does_not_mark_the_message_as_read(main: Caller, partner: Caller) -> None:
    sent = (await main.send())["id"]
    assert (await main("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]["read"] is False
    assert (await partner("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]["read"] is True
    assert (await main("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]["read"] is True


async def test_what_is_sent_is_listed_read_and_deleted_on_each_side_alone(main: Caller, partner: Caller) -> None:
    sent = await main.send(body_bb="Sadelnya sudah dikirim")
    assert sent == {"status": "OK", "id": sent["id"], "message": None}
    assert IDENTIFIER(sent["id"])
    theirs = (await partner("GET", "/v1/messages.json"))["inbox"][0]
    assert (theirs["partner_id"], theirs["last_message"]) == (MAIN, "Sadelnya sudah d...")
    conversation = f"/v1/messages/{theirs['id']}.json"
    assert (await main("GET", conversation))["instant_messages"][0]["id"] == sent["id"]

    path = f"/v1/messages/im/{sent['id']}.json"
    deleted = await main("DELETE", path, headers={"Content-Type": "application/json"})
    assert deleted == {"status": "OK", "id": sent["id"], "message": "Pesan berhasil dihapus"}
    again = await main("DELETE", path)
    assert again == {"status": "ERROR", "id": sent["id"], "message": "Pesan gagal dihapus"}
    assert (await main("GET", path))["status"] == "ERROR"
    assert (await partner("GET", path))["status"] == "OK"

    deleted = await main("DELETE", conversation, headers={"Content-Type": "application/json"})
    assert deleted == {"status": "OK", "id": theirs["id"], "message": "Conversation berhasil dihapus"}
    again = await main("DELETE", conversation)
    assert again == {"status": "ERROR", "id": theirs["id"], "message": "Conversation gagal dihapus"}
    assert len((await main("GET", "/v1/messages.json?per_page=50"))["inbox"]) == 11
    assert len((await partner("GET", conversation))["instant_messages"]) == 6

    await partner.send(receiver_id=MAIN, body_bb="Sudah sampai")
    (reopened,) = (await main("GET", conversation))["instant_messages"]
    assert reopened["body"] == "Sudah sampai"


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_other_peoples_messages_are_refused_with_the_documented_text(
    main: Caller, state: BukalapakState, version: str
) -> None:
    conversation = state.conversation_between(PARTNER, HELM)
    message = state.inbox(HELM)[0].messages[0].id
    refused = {"status": "ERROR", "instant_messages": None, "message": NOT_YOURS}
    for path in (f"{conversation}", f"im/{message}", "0" * 24, "im/none"):
        assert await main("GET", f"/{version}/messages/{path}.json") == refused
    assert (await main("DELETE", f"/{version}/messages/{conversation}.json"))["status"] == "ERROR"
    assert (await main("DELETE", f"/{version}/messages/im/{message}.json"))["status"] == "ERROR"
    assert len(state.inbox(HELM)[0].messages) == 3


@pytest.mark.parametrize(
    ("fields", "v1", "v2"),
    [
        ({"receiver_id": None}, WRONG_FORMAT, WRONG_FORMAT),
        ({"category": None}, WRONG_FORMAT, WRONG_FORMAT),
        ({"body_bb": None}, WRONG_FORMAT, WRONG_FORMAT),
        ({"body_bb": ""}, WRONG_FORMAT, WRONG_FORMAT),
        ({"body_bb": ["x"]}, WRONG_FORMAT, WRONG_FORMAT),
        ({"category": "1"}, ONLY_TO_ADMIN, ONLY_TO_ADMIN),
        ({"category": 4}, ONLY_TO_ADMIN, ONLY_TO_ADMIN),
        ({"category": "6"}, NOT_SENT, ONLY_TO_ADMIN),
        ({"category": "7", "receiver_id": ADMIN}, NOT_SENT, NOT_SENT),
        ({"category": "umum"}, NOT_SENT, NOT_SENT),
        ({"receiver_id": "1"}, NOT_SENT, NO_SUCH_RECEIVER),
        ({"receiver_id": MAIN}, NOT_SENT, NOT_SENT),
    ],
)
async def test_a_message_that_cannot_be_sent_is_refused_with_the_documented_text(
    main: Caller, state: BukalapakState, fields: dict[str, Any], v1: str, v2: str
) -> None:
    before = state.messages
    assert await main.send(**fields) == {"status": "ERROR", "id": None, "message": v1}
    refused = await main.send("/v2/messages.json", client_id="c-1", **fields)
    assert (refused["status"], refused["id"], refused["message"], refused["client_id"]) == ("ERROR", None, v2, "c-1")
    assert "conversation_id" in refused
    assert state.messages == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b'{"instant_message": 5}', b"[" * 100_000])
async def test_a_body_that_is_no_message_has_the_wrong_format(main: Caller, body: bytes) -> None:
    refused = await main("POST", "/v1/messages.json", data=body, headers={"Content-Type": "application/json"})
    assert refused == {"status": "ERROR", "id": None, "message": WRONG_FORMAT}


async def test_higher_categories_reach_the_administrator(main: Caller, state: BukalapakState) -> None:
    state.edition = "001"
    sent = (await main.send(receiver_id=ADMIN, category="4"))["id"]
    shown = (await main("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]
    assert (shown["category"], shown["receiver_name"]) == (4, "Administrator")
    assert (await main.send("/v2/messages.json", receiver_id=int(ADMIN), category=6))["status"] == "OK"


async def test_v2_confirms_and_echoes_the_callers_mark(main: Caller, state: BukalapakState) -> None:
    sent = await main.send("/v2/messages.json", client_id="c-1")
    assert sent == {
        "status": "OK",
        "id": sent["id"],
        "message": "Pesan terkirim",
        "client_id": "c-1",
        "conversation_id": state.conversation_between(MAIN, PARTNER),
    }
    assert (await main.send("/v2/messages.json"))["client_id"] is None
    first_to_helm = await main.send("/v2/messages.json", receiver_id=HELM)
    assert first_to_helm["conversation_id"] == state.conversation_between(MAIN, HELM)


async def test_the_product_asked_about_is_kept(main: Caller, state: BukalapakState) -> None:
    message = {"receiver_id": PARTNER, "category": "0", "body_bb": "Halo"}
    sent = await main("POST", "/v2/messages.json", json={"instant_message": message, "product_id": "k7x2a"})
    state.edition = "001"
    assert (await main("GET", f"/v1/messages/im/{sent['id']}.json"))["instant_message"]["product_id"] == "k7x2a"


async def test_a_rails_form_is_understood(main: Caller, state: BukalapakState) -> None:
    fields = {"receiver_id": PARTNER, "category": "0", "body_bb": "½ lusin & lebih"}
    form = urlencode({f"instant_message[{name}]": value for name, value in fields.items()})
    kind = "application/x-www-form-urlencoded"
    sent = await main("POST", "/v1/messages.json", data=form, headers={"Content-Type": kind})
    assert sent["status"] == "OK"
    assert state.messages[-1].body_bb == "½ lusin & lebih"


async def test_json_is_understood_under_the_content_type_that_curl_sends(main: Caller) -> None:
    body = json.dumps({"instant_message": {"receiver_id": PARTNER, "category": "0", "body_bb": "a&b=c"}})
    kind = "application/x-www-form-urlencoded"
    assert (await main("POST", "/v1/messages.json", data=body, headers={"Content-Type": kind}))["status"] == "OK"


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_stored_as_it_was_sent(text: str) -> None:
    async def send() -> None:
        sandbox_vendor = BukalapakSandbox(edition="001")
        async with Sandbox(vendors=[sandbox_vendor]) as sandbox, aiohttp.ClientSession() as session:
            main = Caller(session, sandbox, MAIN, sandbox.bukalapak.user(MAIN).token)
            sent = (await main.send(body_bb=text))["id"]
            shown = (await main("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]
            assert shown["body_bb"] == text

    asyncio.run(send())


async def test_a_lone_surrogate_goes_back_as_it_came(main: Caller, state: BukalapakState) -> None:
    state.edition = "001"
    sent = (await main.send(body_bb="\ud800"))["id"]
    assert (await main("GET", f"/v1/messages/im/{sent}.json"))["instant_message"]["body_bb"] == "\ud800"


@pytest.mark.parametrize("path", ["/v1/messages.json", "/v2/messages/im/x.json"])
@pytest.mark.parametrize(("user", "token"), [(MAIN, "wrong"), ("1", "x"), ("warungkayuh", "rahasia-warungkayuh")])
async def test_wrong_credentials_are_refused_with_a_status_that_can_be_chosen(
    session: aiohttp.ClientSession, sandbox: Sandbox, state: BukalapakState, path: str, user: str, token: str
) -> None:
    stranger = Caller(session, sandbox, user, token)
    assert (await stranger("GET", path, status=401))["status"] == "ERROR"
    assert stranger.headers["X-Sandbox-Shape"] == "undocumented"
    assert stranger.headers["WWW-Authenticate"].startswith("Basic ")
    state.refused_status = 200
    assert (await stranger("GET", path))["status"] == "ERROR"
    assert "WWW-Authenticate" not in stranger.headers


@pytest.mark.parametrize("header", [None, "Basic", "Basic %%%", "Basic eA==", "Bearer x", "Basic \xff"])
async def test_missing_or_unreadable_credentials_are_refused(
    session: aiohttp.ClientSession, sandbox: Sandbox, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    async with session.get(f"{sandbox.base_url}/v1/messages.json", headers=headers) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("login", ["warungkayuh", "warungkayuh@pengguna.example"])
async def test_a_login_gives_the_token(
    session: aiohttp.ClientSession, sandbox: Sandbox, state: BukalapakState, login: str
) -> None:
    caller = Caller(session, sandbox, login, sandbox.credentials["bukalapak"]["password"])
    user = state.user(MAIN)
    v1 = await caller("POST", "/v1/authenticate.json")
    assert v1 == {"status": "OK", "user_id": MAIN, "token": user.token, "message": None}
    v2 = await caller("POST", "/v2/authenticate.json")
    assert v2.items() > v1.items()
    assert (v2["user_name"], v2["email"], v2["confirmed"]) == ("warungkayuh", "warungkayuh@pengguna.example", True)


async def test_a_failed_login_says_so_in_the_form_of_its_version(
    session: aiohttp.ClientSession, sandbox: Sandbox, state: BukalapakState
) -> None:
    caller = Caller(session, sandbox, "warungkayuh", "wrong")
    v1 = await caller("POST", "/v1/authenticate.json", status=401)
    assert v1 == {"status": "ERROR", "user_id": "null", "message": "Invalid password"}
    state.refused_status = 200
    v2 = await caller("POST", "/v2/authenticate.json")
    assert (v2["user_id"], v2["token"], v2["confirmed"]) == (None, None, False)
    assert v2["message"] == "Username atau password tidak valid"


async def test_errors_can_come_with_another_status(main: Caller, state: BukalapakState) -> None:
    state.error_status = 404
    assert (await main("GET", "/v1/messages/none.json", status=404))["message"] == NOT_YOURS
    state.reset()
    assert (await main("GET", "/v1/messages/none.json"))["message"] == NOT_YOURS


@pytest.mark.parametrize(
    ("name", "value"), [("edition", "003"), ("refused_status", 500), ("error_status", 302), ("error_status", 500)]
)
def test_settings_that_make_no_sense_are_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=str(value)):
        BukalapakSandbox(**{name: value})


@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/messages.json"), ("GET", "/v2/banks.json")])
async def test_what_is_not_served_is_an_undocumented_404(main: Caller, method: str, path: str) -> None:
    assert (await main(method, path, status=404))["status"] == "ERROR"
    assert main.headers["X-Sandbox-Shape"] == "undocumented"


async def test_every_start_has_the_same_data_and_another_seed_other_identifiers() -> None:
    async def inbox(seed: int) -> tuple[Any, Any]:
        async with Sandbox(seed=seed, clock=lambda: 1_500_000_000.9) as sandbox, aiohttp.ClientSession() as session:
            main = Caller(session, sandbox, MAIN, sandbox.bukalapak.user(MAIN).token)
            sent = await main.send()
            message = await main("GET", f"/v1/messages/im/{sent['id']}.json")
            return message, await main("GET", "/v2/messages.json?per_page=50")

    first, again, other = await inbox(0), await inbox(0), await inbox(1)
    assert first == again
    assert first[0]["instant_message"]["created_at"] == "2017-07-14T09:40:00+07:00"
    assert first[0]["instant_message"]["id"] != other[0]["instant_message"]["id"]
    assert [item["last_message"] for item in first[1]["inbox"]] == [item["last_message"] for item in other[1]["inbox"]]


async def test_reset_brings_back_the_first_data_and_settings(main: Caller, sandbox: Sandbox) -> None:
    before = await main("GET", "/v2/messages.json?per_page=50")
    await main.send()
    sandbox.bukalapak.edition = "001"
    sandbox.reset()
    assert await main("GET", "/v2/messages.json?per_page=50") == before
    assert sandbox.bukalapak.edition is Edition.SECOND


def test_a_test_can_let_a_message_arrive() -> None:
    with Sandbox().in_thread() as sandbox:
        message = sandbox.bukalapak.send(PARTNER, MAIN, "Kak?")
        newest = sandbox.bukalapak.inbox(MAIN)[0]
        assert newest.unread
        assert newest.messages[0] == message
        assert message.created_at.utcoffset() == datetime.timedelta(hours=7)
        with pytest.raises(KeyError):
            sandbox.bukalapak.send("1", MAIN, "Siapa ini?")


def test_secrets_are_not_in_the_repr() -> None:
    user = Sandbox().bukalapak.user(MAIN)
    assert not any(secret in repr(user) for secret in (user.token, user.password, user.omnikey))


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
async def test_the_calls_of_the_documentation_work_with_curl(sandbox: Sandbox, state: BukalapakState) -> None:
    user, token = MAIN, state.user(MAIN).token
    base = sandbox.base_url
    conversation = state.conversation_between(MAIN, "160774")
    read, deleted, bare = (message.id for message in state.inbox(MAIN)[2].messages[:3])
    json_type = ["-H", "Content-Type: application/json"]
    body = '{ "instant_message":{"receiver_id":"%s", "category":"0", "body_bb":"tesssss"} }' % PARTNER  # noqa: UP031

    async def curl(*arguments: str, typed: str = "") -> Any:
        command = ["curl", "-sS", "-u", f"{user}:{token}", *arguments]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        output, _ = await process.communicate(typed.encode())
        assert process.returncode == 0
        return json.loads(output)

    assert (await curl(f"{base}/v1/messages.json"))["status"] == "OK"
    assert len((await curl(f"{base}/v1/messages.json?page=1"))["inbox"]) == 10
    assert len((await curl(f"{base}/v1/messages/{conversation}.json?per_page=5"))["instant_messages"]) == 5
    assert (await curl(f"{base}/v1/messages/im/{read}.json"))["instant_message"]["id"] == read
    sent = await curl("-d", body, f"{base}/v1/messages.json", *json_type, "-X", "POST")
    assert sent["status"] == "OK"
    gone = await curl(f"{base}/v1/messages/{conversation}.json", *json_type, "-X", "DELETE")
    assert gone == {"status": "OK", "id": conversation, "message": "Conversation berhasil dihapus"}
    for path, identifier in (("im/", deleted), ("", bare)):
        gone = await curl(f"{base}/v1/messages/{path}{identifier}.json", *json_type, "-X", "DELETE")
        assert gone == {"status": "OK", "id": identifier, "message": "Pesan berhasil dihapus"}
    large = await curl(
        "-d", "@-", f"{base}/v1/messages.json", *json_type, typed=body.replace("tesssss", "x" * 2_000_000)
    )
    assert large["status"] == "OK"
