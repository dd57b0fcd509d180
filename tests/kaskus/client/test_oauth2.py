"""Clients that sign with OAuth 2: tokens are got when needed, once for all who wait, and renewed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.raw import RawServer
from support.tokens import TokenVendor

from kaskus_async.client import AsyncKaskus
from nusantara.errors import AuthFailed, InvalidParameter, OutcomeUnknown, Sent
from nusantara.oauth2 import Token
from nusantara.secret import Secret
from nusantara.token_store import FileStore, MemoryStore

Open = Callable[..., AsyncKaskus]


@pytest.fixture
async def vendor() -> TokenVendor:
    return TokenVendor()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.001)
    monkeypatch.setattr("nusantara.oauth2.FIRST_PAUSE", 0.001)


@pytest.fixture
async def opened(vendor: TokenVendor) -> AsyncIterator[Open]:
    """Makes clients for the vendor."""
    clients: list[AsyncKaskus] = []
    async with RawServer(vendor) as server:

        def make(**given: Any) -> AsyncKaskus:
            clients.append(AsyncKaskus.with_oauth2("aplikasi", Secret("rahasia"), base_url=server.base_url, **given))
            return clients[-1]

        yield make
        for client in clients:
            await client.aclose()


async def call(kaskus: AsyncKaskus) -> int:
    return (await kaskus.request("GET", "/api/oauth/v1/hot_threads")).status


# --- Whom a client speaks for


async def test_an_application_gets_a_token_for_itself(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened(scope=["thread.read", "thread.write"])
    assert (await kaskus.threads.hot()).data == []
    assert await call(kaskus) == 200
    assert vendor.grants == [
        {
            "client_id": "aplikasi",
            "client_secret": "rahasia",
            "grant_type": "client_credentials",
            "scope": "thread.read,thread.write",
        }
    ]
    assert vendor.calls == ["akses-1", "akses-1"]


async def test_a_user_gets_one_for_name_and_password(vendor: TokenVendor, opened: Open) -> None:
    await call(opened(username="tokoh", password=Secret("sandi mentah")))
    [grant] = vendor.grants
    assert (grant["grant_type"], grant["username"], grant["password"]) == ("password", "tokoh", "sandi mentah")


async def test_nothing_is_asked_for_before_it_is_needed(vendor: TokenVendor, opened: Open) -> None:
    opened()
    assert vendor.grants == []


async def test_answers_in_xml_are_no_matter_for_tokens(vendor: TokenVendor, opened: Open) -> None:
    assert await call(opened(output="xml")) == 200


async def test_the_store_keeps_tokens_for_the_next_client(vendor: TokenVendor, opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    await call(opened(username="tokoh", password="sandi", store=FileStore(path)))
    await call(opened(username="tokoh", store=FileStore(path)))
    assert ([grant["grant_type"] for grant in vendor.grants], vendor.calls) == (["password"], ["akses-1", "akses-1"])


async def test_clients_that_share_a_store_share_a_renewal(vendor: TokenVendor, opened: Open) -> None:
    store = MemoryStore()
    first, second = (opened(username="tokoh", password="sandi", store=store) for _ in range(2))
    await asyncio.gather(call(first), call(second))
    vendor.refused.add("akses-1")
    await asyncio.gather(call(first), call(second))
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "refresh_token"]


async def test_a_token_to_begin_with_is_used(vendor: TokenVendor, opened: Open) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    kaskus = opened(token=Token(access_token="akses-lama", refresh_token="segar-lama", expires_at=end))
    await call(kaskus)
    vendor.refused.add("akses-lama")
    await call(kaskus)
    assert vendor.calls == ["akses-lama", "akses-lama", "akses-1"]
    assert [(grant["grant_type"], grant["refresh_token"]) for grant in vendor.grants] == [
        ("refresh_token", "segar-lama")
    ]


async def test_a_user_never_becomes_the_application(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened(token=Token(access_token="akses-lama"))
    vendor.refused.add("akses-lama")
    with pytest.raises(AuthFailed):
        await call(kaskus)
    with pytest.raises(AuthFailed, match="log in again"):
        await call(opened(username="tokoh", store=MemoryStore()))
    assert vendor.grants == []


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"password": "sandi"}, "username"),
        ({"username": "tokoh"}, "password"),
        ({"username": "tokoh", "password": ""}, "password"),
        ({"username": "", "password": "sandi"}, "username"),
        ({"scope": "thread.read"}, "scope"),
        ({"scope": ["a,b"]}, "scope"),
        ({"token": Token(access_token="a"), "store": MemoryStore()}, "token"),
        ({"output": "yaml"}, "output"),
        ({"base_url": "ftp://x"}, "base_url"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_once(given: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        AsyncKaskus.with_oauth2("aplikasi", "rahasia", **given)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("client_id", "client_secret", "parameter"), [("", "b", "client_id"), ("a", "", "client_secret")]
)
def test_both_parts_of_the_application_are_needed(client_id: str, client_secret: str, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        AsyncKaskus.with_oauth2(client_id, client_secret)
    assert caught.value.parameter == parameter


# --- One renewal for all


async def test_many_callers_wait_for_one_token(vendor: TokenVendor, opened: Open) -> None:
    vendor.pause = 0.1
    kaskus = opened(max_connections=20)
    assert await asyncio.gather(*[call(kaskus) for _ in range(300)]) == [200] * 300
    assert len(vendor.grants) == 1


async def test_many_refused_callers_wait_for_one_renewal(vendor: TokenVendor, opened: Open) -> None:
    vendor.pause = 0.05
    kaskus = opened(username="tokoh", password="sandi", max_connections=20)
    await call(kaskus)
    vendor.refused.add("akses-1")
    assert await asyncio.gather(*[call(kaskus) for _ in range(300)]) == [200] * 300
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "refresh_token"]


async def test_cancelling_a_caller_cancels_the_renewal_for_nobody(vendor: TokenVendor, opened: Open) -> None:
    vendor.pause = 0.2
    kaskus = opened()
    callers = [asyncio.create_task(call(kaskus)) for _ in range(20)]
    await asyncio.sleep(0.05)
    for one in callers[:10]:
        one.cancel()
    ends = await asyncio.gather(*callers, return_exceptions=True)
    assert [isinstance(end, asyncio.CancelledError) for end in ends] == [True] * 10 + [False] * 10
    assert ends[10:] == [200] * 10
    assert len(vendor.grants) == 1


async def test_even_if_all_are_cancelled_the_token_is_kept(vendor: TokenVendor, opened: Open) -> None:
    vendor.pause = 0.1
    kaskus = opened()
    caller = asyncio.create_task(call(kaskus))
    await asyncio.sleep(0.05)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await call(kaskus)
    assert len(vendor.grants) == 1


async def test_one_connection_is_enough_for_calls_and_tokens(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened(username="tokoh", password="sandi", max_connections=1, timeout=5)
    await call(kaskus)
    vendor.refused.add("akses-1")
    assert await asyncio.gather(*[call(kaskus) for _ in range(5)]) == [200] * 5


async def test_copies_share_the_token(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened()
    await asyncio.gather(call(kaskus), call(kaskus.with_options(max_attempts=1)))
    assert len(vendor.grants) == 1


# --- Refusals


@pytest.mark.parametrize("status", [401, 400])
async def test_an_invalid_token_is_renewed_once_and_the_call_made_once_more(
    vendor: TokenVendor, opened: Open, status: int
) -> None:
    vendor.status = status
    kaskus = opened(username="tokoh", password="sandi")
    await call(kaskus)
    vendor.refused.add("akses-1")
    answer = await kaskus.request("POST", "/api/oauth/v1/forum_post", form={"message": "halo"})
    assert (answer.status, vendor.calls) == (200, ["akses-1", "akses-1", "akses-2"])


async def test_a_vendor_that_takes_no_token_is_asked_no_more_than_that(vendor: TokenVendor, opened: Open) -> None:
    vendor.refused.update({"akses-1", "akses-2"})
    with pytest.raises(AuthFailed, match="no more") as caught:
        await call(opened())
    assert (len(vendor.grants), vendor.calls) == (2, ["akses-1", "akses-2"])
    assert (caught.value.code, len(caught.value.attempts)) == ("invalid_token", 2)


async def test_a_token_is_renewed_before_it_ends(vendor: TokenVendor, opened: Open) -> None:
    vendor.life = 0
    kaskus = opened(username="tokoh", password="sandi")
    await call(kaskus)
    vendor.life = 3600
    await call(kaskus)
    await call(kaskus)
    assert vendor.calls == ["akses-1", "akses-2", "akses-2"]
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "refresh_token"]


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": "invalid_client", "error_description": "unknown client"}),
        (503, {}),
        (200, b"<html><title>Perawatan</title></html>"),
        (200, {"access_token": 7}),
        (200, {"access_token": "a b"}),
        (200, {"access_token": "a", "token_type": "mac"}),
        (200, {"error": "invalid_client"}),
    ],
)
async def test_without_a_token_all_who_wait_get_one_error(
    vendor: TokenVendor, opened: Open, answer: tuple[int, Any]
) -> None:
    vendor.token_answer, vendor.pause = answer, 0.05
    kaskus = opened(max_attempts=1)
    ends = await asyncio.gather(*[call(kaskus) for _ in range(20)], return_exceptions=True)
    assert {type(end) for end in ends} == {AuthFailed}
    assert {end.sent for end in ends if isinstance(end, AuthFailed)} == {Sent.NO}
    assert (len(vendor.grants), vendor.calls) == (1, [])
    vendor.token_answer = None
    assert await call(kaskus) == 200, "later calls ask again"


async def test_a_refusal_of_the_token_endpoint_has_its_code(vendor: TokenVendor, opened: Open) -> None:
    vendor.token_answer = (400, {"error": "invalid_client", "error_description": "unknown client"})
    with pytest.raises(AuthFailed, match="unknown client") as caught:
        await call(opened())
    assert (caught.value.code, caught.value.status) == ("invalid_client", 400)


async def test_a_used_up_refresh_token_is_replaced_by_a_password(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened(username="tokoh", password="sandi")
    await call(kaskus)
    vendor.refused.add("akses-1")
    vendor.token_answer = (400, {"error": "invalid_grant", "error_description": "used"})
    with pytest.raises(AuthFailed):
        await call(kaskus)
    vendor.token_answer = None
    assert await call(kaskus) == 200
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "refresh_token", "password", "password"]


async def test_a_lost_answer_to_a_refresh_is_not_asked_for_twice(vendor: TokenVendor, opened: Open) -> None:
    store = MemoryStore()
    kaskus = opened(username="tokoh", password="sandi", store=store)
    await call(kaskus)
    vendor.refused.add("akses-1")
    vendor.drop_tokens = 1
    without_password = opened(username="tokoh", store=store)
    with pytest.raises(AuthFailed) as caught:
        await call(without_password)
    assert caught.value.hint == "log in again"
    assert isinstance(caught.value.__cause__, AuthFailed)
    assert isinstance(caught.value.__cause__.__cause__, OutcomeUnknown)
    with pytest.raises(AuthFailed):
        await call(without_password)
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "refresh_token"]


async def test_a_lost_answer_to_other_grants_is_asked_for_again(vendor: TokenVendor, opened: Open) -> None:
    vendor.drop_tokens = 1
    assert await call(opened(username="tokoh", password="sandi")) == 200
    assert [grant["grant_type"] for grant in vendor.grants] == ["password", "password"]


# --- The end


async def test_closing_waits_for_a_renewal_that_may_not_be_lost(
    vendor: TokenVendor, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.01)
    store = FileStore(tmp_path / "token.json")
    kaskus = opened(username="tokoh", password="sandi", store=store)
    await call(kaskus)
    vendor.refused.add("akses-1")
    vendor.pause = 0.2
    caller = asyncio.create_task(call(kaskus))
    await asyncio.sleep(0.1)
    await kaskus.aclose()
    await asyncio.gather(caller, return_exceptions=True)
    stored = await store.load()
    assert stored is not None
    assert stored["access_token"] == "akses-2"


async def test_closing_does_not_wait_for_ever(
    vendor: TokenVendor, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaskus_async.client.RENEWAL_GRACE", 0.05)
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.05)
    kaskus = opened()
    vendor.pause = 30.0
    caller = asyncio.create_task(call(kaskus))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await kaskus.aclose()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)


async def test_no_secret_shows(vendor: TokenVendor, opened: Open) -> None:
    kaskus = opened(username="tokoh", password="sandi-tokoh")
    await call(kaskus)
    signer = kaskus._shared.signer
    for shown in (repr(kaskus), repr(signer), repr(vars(kaskus))):
        assert "sandi-tokoh" not in shown
        assert "rahasia" not in shown
        assert "akses-1" not in shown
