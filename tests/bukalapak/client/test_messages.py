"""Bukalapak's operations, both flavours, on the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.flavours import Flavour
from support.raw import RawServer, Received, Wire

from bukalapak_async import BANKS, CategoryV1, CategoryV2, Conversation, Message
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadResponse,
    ConfigurationError,
    InvalidParameter,
    OutcomeUnknown,
    PagingLoop,
    Sent,
    ServerError,
)
from nusantara.sandbox import Fault, Sandbox

Bukalapak = Flavour[Any]


async def test_the_inbox_is_read_page_by_page(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    conversations = await bukalapak.items(lambda b: b.messages.inbox(per_page=5))
    assert len({conversation.id for conversation in conversations}) == len(conversations) > 10
    assert all(isinstance(conversation, Conversation) for conversation in conversations)
    times = [conversation.updated_at for conversation in conversations]
    assert times == sorted(times, reverse=True)
    targets = [request.path for request in nusantara_sandbox.requests]
    assert targets == [f"/v1/messages.json?page={page}&per_page=5" for page in (1, 2, 3)]


async def test_a_page_knows_what_else_the_answer_said(bukalapak: Bukalapak) -> None:
    page = await bukalapak(lambda b: b.messages.inbox(per_page=5).first())
    assert (len(page.items), page.next) == (5, "2")
    assert page.answer.status == "OK"
    assert page.answer.unread >= 1


async def test_a_listing_resumes_at_a_token(bukalapak: Bukalapak) -> None:
    everything = await bukalapak.items(lambda b: b.messages.inbox(per_page=5))
    rest = await bukalapak.items(lambda b: b.messages.inbox(per_page=5).starting_at("2"))
    assert rest == everything[5:]


async def test_nothing_is_sent_for_what_is_not_wanted(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    pager = bukalapak.client.messages.inbox(per_page=2)
    assert not nusantara_sandbox.requests
    assert len(await bukalapak(lambda b: pager.collect(limit=3))) == 3
    assert len(nusantara_sandbox.requests) == 2


async def test_a_message_is_sent_read_and_deleted(bukalapak: Bukalapak) -> None:
    partner = (await bukalapak(lambda b: b.messages.inbox().first())).items[0]
    sent = await bukalapak(lambda b: b.messages.create(partner.partner_id, "Barangnya masih ada, kak?"))
    message = await bukalapak(lambda b: b.messages.get(sent.id))
    assert isinstance(message, Message)
    assert (message.body, message.receiver_id) == ("Barangnya masih ada, kak?", partner.partner_id)
    newest = (await bukalapak(lambda b: b.messages.conversation(message.inbox_id).first())).items[0]
    assert newest.id == sent.id
    deleted = await bukalapak(lambda b: b.messages.delete(sent.id))
    assert (deleted.id, deleted.message) == (sent.id, "Pesan berhasil dihapus")
    with pytest.raises(ApiError):
        await bukalapak(lambda b: b.messages.get(sent.id))


async def test_a_conversation_is_deleted(bukalapak: Bukalapak) -> None:
    before = await bukalapak.items(lambda b: b.messages.inbox())
    deleted = await bukalapak(lambda b: b.messages.delete_conversation(before[0].id))
    assert (deleted.id, deleted.message) == (before[0].id, "Conversation berhasil dihapus")
    assert await bukalapak.items(lambda b: b.messages.inbox()) == before[1:]


async def test_a_failed_deletion_still_tells_the_id(bukalapak: Bukalapak) -> None:
    with pytest.raises(ApiError, match="Pesan gagal dihapus") as caught:
        await bukalapak(lambda b: b.messages.delete("f" * 24))
    assert caught.value.details["id"] == "f" * 24
    with pytest.raises(ApiError, match="Conversation gagal dihapus"):
        await bukalapak(lambda b: b.messages.delete_conversation("f" * 24))


async def test_only_the_administrator_takes_other_categories(bukalapak: Bukalapak) -> None:
    with pytest.raises(ApiError, match="hanya dapat ditujukan kepada admin"):
        await bukalapak(lambda b: b.messages.create("81001", "Halo", category=CategoryV1.SUGGESTION))
    sent = await bukalapak(lambda b: b.messages.create("6", "Usul", category=CategoryV1.SUGGESTION))
    assert sent.status == "OK"


async def test_the_filters_of_v2(bukalapak_v2: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    unread = await bukalapak_v2.items(lambda b: b.messages.inbox(unread_only=True))
    assert unread
    assert all(conversation.last_message_read is False for conversation in unread)
    assert {request.path.partition("?")[0] for request in nusantara_sandbox.requests} == {"/v2/messages.json"}
    await bukalapak_v2.items(lambda b: b.messages.conversation(unread[0].id, keep_unread=True))
    assert unread[0].id in [c.id for c in await bukalapak_v2.items(lambda b: b.messages.inbox(unread_only=True))]
    await bukalapak_v2.items(lambda b: b.messages.conversation(unread[0].id))
    assert unread[0].id not in [c.id for c in await bukalapak_v2.items(lambda b: b.messages.inbox(unread_only=True))]


async def test_v2_repeats_the_callers_mark(bukalapak_v2: Bukalapak) -> None:
    sent = await bukalapak_v2(lambda b: b.messages.create("6", "Halo", client_id="m-1"))
    assert (sent.client_id, sent.message) == ("m-1", "Pesan terkirim")
    assert sent.conversation_id is not None


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda b: b.messages.get(""), "message_id"),
        (lambda b: b.messages.delete(".."), "message_id"),
        (lambda b: b.messages.delete_conversation("a\nb"), "inbox_id"),
        (lambda b: b.messages.create("", "x"), "receiver_id"),
        (lambda b: b.messages.create("6", ""), "text"),
        (lambda b: b.messages.create("6", "x", category=CategoryV2.QUESTION), "category"),
        (lambda b: b.messages.create("6", "x", category="1"), "category"),
        (lambda b: b.messages.create("6", "x", client_id="m"), "client_id"),
        (lambda b: b.messages.create("6", "x", product_id="p"), "product_id"),
        (lambda b: b.messages.inbox(per_page=0), "per_page"),
        (lambda b: b.messages.inbox(search="x"), "search"),
        (lambda b: b.messages.inbox(unread_only=True), "unread_only"),
        (lambda b: b.messages.conversation("a" * 24, keep_unread=True), "keep_unread"),
        (lambda b: b.messages.inbox().starting_at("x").first(), "token"),
        (lambda b: b.account.authenticate("a:b", "x"), "login"),
        (lambda b: b.account.authenticate("a", ""), "password"),
    ],
)
async def test_bad_values_are_refused_by_name_before_anything_is_sent(
    bukalapak: Bukalapak, nusantara_sandbox: Sandbox, call: Callable[[Any], Any], name: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await bukalapak(call)
    assert caught.value.parameter == name
    assert not nusantara_sandbox.requests


# --- Signing in


async def test_a_login_gives_what_a_client_needs(
    open_bukalapak: Callable[..., Bukalapak], nusantara_sandbox: Sandbox
) -> None:
    mine = nusantara_sandbox.credentials["bukalapak"]
    anonymous = open_bukalapak(None, None)
    login = await anonymous(lambda b: b.account.authenticate(mine["username"], mine["password"]))
    assert (login.user_id, login.token.reveal()) == (mine["user_id"], mine["token"])
    assert mine["token"] not in repr(login)
    signed_in = open_bukalapak(login.user_id, login.token)
    assert await signed_in.items(lambda b: b.messages.inbox())


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_wrong_password_is_an_authentication_error(
    open_bukalapak: Callable[..., Bukalapak], nusantara_sandbox: Sandbox, version: str
) -> None:
    anonymous = open_bukalapak(None, None, api_version=version)
    username = nusantara_sandbox.credentials["bukalapak"]["username"]
    with pytest.raises(AuthFailed):
        await anonymous(lambda b: b.account.authenticate(username, "salah"))


async def test_without_credentials_the_error_says_how_to_get_them(open_bukalapak: Callable[..., Bukalapak]) -> None:
    with pytest.raises(ConfigurationError, match=r"account\.authenticate"):
        await open_bukalapak(None, None)(lambda b: b.messages.get("a" * 24))


async def test_a_wrong_token_is_an_authentication_error(open_bukalapak: Callable[..., Bukalapak]) -> None:
    with pytest.raises(AuthFailed):
        await open_bukalapak(token="salah")(lambda b: b.messages.get("a" * 24))


def test_half_of_the_credentials_is_refused(open_bukalapak: Callable[..., Bukalapak]) -> None:
    with pytest.raises(InvalidParameter, match="token"):
        open_bukalapak("1", None)
    with pytest.raises(InvalidParameter, match="api_version"):
        open_bukalapak(api_version="v3")


async def test_the_environment_makes_a_client(
    sandbox_env: dict[str, str], open_bukalapak: Callable[..., Bukalapak], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(open_bukalapak().client)
    client = kind.from_env(timeout=5)
    assert client.base_url == sandbox_env["BUKALAPAK_BASE_URL"]
    monkeypatch.delenv("BUKALAPAK_TOKEN")
    with pytest.raises(ConfigurationError, match="BUKALAPAK_TOKEN"):
        kind.from_env()


# --- Trouble


async def test_a_dropped_read_is_repeated_unseen(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute(), times=1)
    assert await bukalapak(lambda b: b.messages.inbox().first())
    assert len(nusantara_sandbox.requests) == 2


async def test_a_message_is_never_sent_twice(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute())
    with pytest.raises(OutcomeUnknown) as caught:
        await bukalapak(lambda b: b.messages.create("6", "Sekali saja"))
    assert caught.value.sent is Sent.MAYBE
    nusantara_sandbox.faults.clear()
    received = [r for r in nusantara_sandbox.requests if r.method == "POST"]
    assert [request.executed for request in received] == [True]


async def test_a_deletion_with_one_attempt_arrives_once(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute())
    with pytest.raises(OutcomeUnknown):
        await bukalapak(lambda b: b.with_options(max_attempts=1).messages.delete("f" * 24))
    assert len(nusantara_sandbox.requests) == 1


async def test_a_gateways_page_is_told_from_an_answer(bukalapak: Bukalapak, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.html(502))
    with pytest.raises(ServerError, match="HTML page"):
        await bukalapak(lambda b: b.with_options(max_attempts=1).messages.get("a" * 24))
    nusantara_sandbox.faults.clear()
    nusantara_sandbox.faults.add(Fault.html(200))
    with pytest.raises(BadResponse, match="HTML page"):
        await bukalapak(lambda b: b.messages.get("a" * 24))


# --- Listings of servers that are not the sandbox


def conversation(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:024x}",
        "updated_at": "2020-01-02T03:04:05+07:00",
        "partner_id": "7",
        "partner_name": "Sari ",
        "user_id": 8,
        "user_name": "Budi",
    }


async def test_repeats_are_dropped_when_new_messages_shift_the_pages(
    open_bukalapak: Callable[..., Bukalapak],
) -> None:
    everything = [conversation(number) for number in range(10)]

    async def shifting(wire: Wire, request: Received) -> None:
        page = len(server.requests)
        start = max((page - 1) * 4 - (page - 1), 0)
        await wire.answer(body={"status": "OK", "unread": 0, "inbox": everything[start : start + 4]})

    async with RawServer(shifting) as server:
        bukalapak = open_bukalapak(base_url=server.base_url)
        ids = [one.id for one in await bukalapak.items(lambda b: b.messages.inbox(per_page=4))]
        await bukalapak.close()
    assert ids == [one["id"] for one in everything]


async def test_a_server_without_paging_is_found_out(open_bukalapak: Callable[..., Bukalapak]) -> None:
    async def same(wire: Wire, request: Received) -> None:
        await wire.answer(body={"status": "OK", "inbox": [conversation(number) for number in range(10)]})

    async with RawServer(same) as server:
        bukalapak = open_bukalapak(base_url=server.base_url)
        with pytest.raises(PagingLoop):
            await bukalapak.items(lambda b: b.messages.inbox())
        assert len(await bukalapak(lambda b: b.messages.inbox().collect(limit=10))) == 10
        await bukalapak.close()


async def test_pages_are_fetched_ahead_on_request(bukalapak: Bukalapak) -> None:
    plain = await bukalapak.pages(lambda b: b.messages.inbox(per_page=3))
    ahead = await bukalapak.pages(lambda b: b.messages.inbox(per_page=3), ahead=2)
    assert [page.items for page in ahead] == [page.items for page in plain]


def test_the_bank_list_holds_each_bank_once() -> None:
    assert len(BANKS) == len(set(BANKS)) == 134
    assert BANKS[0] == "Bank Central Asia (BCA)"
