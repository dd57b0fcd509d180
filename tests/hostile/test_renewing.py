"""Credentials that are refused, and token endpoints that are slow, broken or lose their answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire
from support.tokens import TokenVendor, bearer_client

from nusantara.errors import AuthFailed, OutcomeUnknown, Sent, Timeout
from nusantara.oauth2 import Token
from nusantara.token_store import FileStore

PATH = "/api/oauth/v1/hot_threads"
CALLERS = 500
FIRST_PAUSE = 0.1


@pytest.fixture(autouse=True)
def pauses(short_pauses: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.oauth2.FIRST_PAUSE", FIRST_PAUSE)


@pytest.fixture
async def vendor() -> TokenVendor:
    return TokenVendor()


Start = Callable[[Flavour[Any], Callable[[Any, int], Any], int], list[asyncio.Future[Any]]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts calls together, ``start(client, operation, count)``: each in a task, or in a thread, of its own."""
    with ThreadPoolExecutor(CALLERS) as threads:

        def begin(client: Flavour[Any], operation: Callable[[Any, int], Any], count: int) -> list[asyncio.Future[Any]]:
            if client.name == "async":
                return [asyncio.ensure_future(operation(client.client, number)) for number in range(count)]
            loop = asyncio.get_running_loop()
            return [loop.run_in_executor(threads, operation, client.client, number) for number in range(count)]

        yield begin


def get(kaskus: Any, number: int = 0) -> Any:
    return kaskus.request("GET", PATH)


# --- Refused calls


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("refused", [{"akses-0"}, {"akses-0", "akses-1"}], ids=["once", "for ever"])
async def test_g32_a_refused_token(
    flavour: str, vendor: TokenVendor, method: str, refused: set[str], seen: Seen
) -> None:
    vendor.refused = refused
    for_ever = len(refused) > 1
    token = Token(access_token="akses-0", refresh_token="segar-0")
    async with bearer_client(flavour, vendor, token=token) as (server, kaskus):
        outcome: Any = None
        try:
            outcome = f"status {(await kaskus(lambda k: k.request(method, PATH))).status}"
        except AuthFailed as error:
            outcome = error
        if for_ever:
            assert isinstance(outcome, AuthFailed)
            assert (outcome.status, outcome.sent, len(outcome.attempts)) == (401, Sent.YES, 2)
        else:
            assert outcome == "status 200"
        assert [request.target for request in server.requests] == [PATH, "/oauth/access-token", PATH]
        assert vendor.calls == ["akses-0", "akses-1"]
        seen(outcome, f"{len(server.requests)} requests")


@pytest.mark.parametrize("vendor_name", ["bukalapak", "qiscus", "kaskus"])
async def test_g32_credentials_that_cannot_be_renewed(
    open_client: Any, serve: Any, vendor_name: str, seen: Seen
) -> None:
    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(401, {})

    server = await serve(refuse)
    client = open_client(server.base_url, vendor_name)
    with pytest.raises(AuthFailed) as caught:
        await client(lambda c: c.request("GET", "/"))
    assert len(server.requests) == 1
    seen(caught.value, f"{len(server.requests)} request where there is nothing to renew")


async def test_g32_a_call_that_is_tried_often_renews_once(flavour: str, vendor: TokenVendor, seen: Seen) -> None:
    """However many attempts there are, and whatever else goes wrong between the refusals."""
    vendor.refused = {f"akses-{number}" for number in range(20)}
    token = Token(access_token="akses-0", refresh_token="segar-0")

    async def script(wire: Wire, request: Received) -> bool:
        if len(vendor.calls) == 1 and request.target == PATH:
            vendor.calls.append("503")
            await wire.answer(503, {})
            return False
        return await vendor(wire, request)

    async with bearer_client(flavour, script, token=token, max_attempts=9) as (_, kaskus):
        with pytest.raises(AuthFailed) as caught:
            await kaskus(get)
    assert (vendor.calls, len(vendor.grants)) == (["akses-0", "503", "akses-1"], 1)
    seen(caught.value)


async def test_g32_with_one_attempt_the_next_call_renews(flavour: str, vendor: TokenVendor, seen: Seen) -> None:
    """One attempt is one request; what was learnt from it is not lost."""
    vendor.refused = {"akses-0"}
    token = Token(access_token="akses-0", refresh_token="segar-0")
    async with bearer_client(flavour, vendor, token=token, max_attempts=1) as (server, kaskus):
        with pytest.raises(AuthFailed) as caught:
            await kaskus(get)
        assert len(server.requests) == 1
        assert (await kaskus(get)).status == 200
        assert [request.target for request in server.requests] == [PATH, "/oauth/access-token", PATH]
        assert (await kaskus(get)).status == 200
    assert (vendor.calls, len(vendor.grants)) == (["akses-0", "akses-1", "akses-1"], 1)
    seen(caught.value, "with one attempt the next call renews")


# --- A token endpoint that is slow


async def test_g33_a_slow_token_endpoint(flavour: str, vendor: TokenVendor, start: Start, seen: Seen) -> None:
    """A fifth of the callers, the first among them, give up by their own timeout, and another fifth is cancelled."""
    vendor.gate = asyncio.Event()

    def operation(kaskus: Any, number: int) -> Any:
        return get(kaskus.with_options(timeout=2) if number < 100 else kaskus)

    async with bearer_client(flavour, vendor) as (_, kaskus):
        callers = start(kaskus, operation, CALLERS)
        impatient, patient = callers[:100], callers[100:]
        errors = await asyncio.gather(*impatient, return_exceptions=True)
        assert {type(error) for error in errors} == {Timeout}
        assert {error.sent for error in errors if isinstance(error, Timeout)} == {Sent.NO}
        cancelled = patient[:100] if flavour == "async" else []  # A thread cannot be cancelled.
        for one in cancelled:
            one.cancel()
        served = patient[len(cancelled) :]
        assert not any(one.done() for one in served)
        assert len(vendor.grants) == 1
        vendor.gate.set()
        answers = await asyncio.gather(*served)
        assert {answer.status for answer in answers} == {200}
        await asyncio.wait(patient)
        assert sum(one.cancelled() for one in patient) == len(cancelled)
        assert (len(vendor.grants), vendor.issued) == (1, 1)
        assert vendor.calls == ["akses-1"] * len(served)
    seen(
        f"{len(vendor.grants)} token request",
        f"{flavour}: {CALLERS} callers, {len(errors)} timed out, {len(cancelled)} cancelled, {len(served)} served",
    )


async def test_g33_a_renewal_outlives_all_who_waited_for_it(
    flavour: str, vendor: TokenVendor, start: Start, seen: Seen
) -> None:
    vendor.gate = asyncio.Event()
    token = Token(access_token="akses-0", refresh_token="segar-0")
    vendor.refused = {"akses-0"}
    async with bearer_client(flavour, vendor, token=token) as (_, kaskus):
        callers = start(kaskus, lambda k, _: get(k.with_options(timeout=0.4)), 20)
        errors = await asyncio.gather(*callers, return_exceptions=True)
        assert {type(error) for error in errors} == {Timeout}
        vendor.gate.set()
        assert (await kaskus(get)).status == 200
    assert [grant["refresh_token"] for grant in vendor.grants] == ["segar-0"]
    seen("a renewal that nobody waits for any more serves the next call")


# --- A token endpoint that fails


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        ((500, {"error": "server_error"}), 3),
        ((200, b"<html><title>Perawatan</title></html>"), 1),
        ((502, b"<html><title>Bad Gateway</title></html>"), 3),
        ((200, {"access_token": 7}), 1),
        ((200, {"access_token": "a", "expires_in": "besok"}), 1),
        ((200, {"access_token": ["a"], "token_type": None}), 1),
        ((200, b""), 1),
    ],
    ids=["500", "HTML", "502 HTML", "number", "word for a number", "list", "empty"],
)
async def test_g34_a_failing_token_endpoint(
    flavour: str, vendor: TokenVendor, start: Start, answer: tuple[int, Any], asked: int, seen: Seen
) -> None:
    vendor.token_answer = answer
    vendor.gate = asyncio.Event()
    async with bearer_client(flavour, vendor) as (_, kaskus):
        callers = start(kaskus, get, 50)
        await asyncio.sleep(0.2)
        vendor.gate.set()
        errors = await asyncio.gather(*callers, return_exceptions=True)
        assert {type(error) for error in errors} == {AuthFailed}
        assert len({str(error) for error in errors}) == 1
        assert len({id(error) for error in errors}) == 50, "each call writes its own history into its error"
        first = errors[0]
        assert isinstance(first, AuthFailed)
        assert first.sent is Sent.NO
        # Where the answer is a fault that may pass, the request for the token is itself tried again.
        assert len(vendor.grants) == asked
        with pytest.raises(AuthFailed):
            await kaskus(get)
        assert len(vendor.grants) == 2 * asked
        vendor.token_answer = None
        assert (await kaskus(get)).status == 200
        assert len(vendor.grants) == 2 * asked + 1
    pauses = [vendor.asked_at[number * asked] - vendor.answered_at[number * asked - 1] for number in (1, 2)]
    assert pauses[0] >= FIRST_PAUSE
    assert pauses[1] >= 2 * FIRST_PAUSE
    seen(
        first,
        f"{asked} token request{'s' * (asked > 1)} for 50 callers, pauses of {pauses[0]:.2f} and {pauses[1]:.2f} s",
    )


# --- A token endpoint whose answer is lost


async def test_g35_a_lost_answer_to_a_renewal(
    flavour: str, vendor: TokenVendor, start: Start, tmp_path: Path, seen: Seen
) -> None:
    store = FileStore(tmp_path / "token.json")
    async with bearer_client(flavour, vendor, username="tokoh", password="sandi", store=store) as (_, kaskus):
        await kaskus(get)
    kept = await store.load()
    assert kept is not None
    vendor.refused = {"akses-1"}
    vendor.drop_tokens = 1
    async with bearer_client(flavour, vendor, username="tokoh", store=FileStore(store.path)) as (_, kaskus):
        errors = await asyncio.gather(*start(kaskus, get, 20), return_exceptions=True)
        errors.append((await asyncio.gather(*start(kaskus, get, 1), return_exceptions=True))[0])
        assert {type(error) for error in errors} == {AuthFailed}
        assert {error.hint for error in errors if isinstance(error, AuthFailed)} == {"log in again"}
        assert "log in again" in str(errors[0])
        causes = {type(error.__cause__.__cause__) for error in errors[:1] if error.__cause__ is not None}
        assert causes == {OutcomeUnknown}
    # After a restart, too.
    async with bearer_client(flavour, vendor, username="tokoh", store=FileStore(store.path)) as (_, kaskus):
        with pytest.raises(AuthFailed, match="log in again") as caught:
            await kaskus(get)
    refreshes = [grant["refresh_token"] for grant in vendor.grants if grant["grant_type"] == "refresh_token"]
    assert refreshes == ["segar-1"], "the old refresh token is sent once"
    stored = await store.load()
    assert stored is not None
    assert [stored[name] for name in ("access_token", "refresh_token")] == ["akses-1", "segar-1"]
    # The user logs in again.
    async with bearer_client(flavour, vendor, username="tokoh", password="sandi", store=store) as (_, kaskus):
        assert (await kaskus(get)).status == 200
    assert vendor.grants[-1]["grant_type"] == "password"
    seen(caught.value, f"the refresh token was sent {len(refreshes)} time; hint: {caught.value.hint}")
