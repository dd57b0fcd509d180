"""What hooks and the log hear: of which operation, of which call, how long it queued and how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour
from support.raw import RawServer, Received, Wire, always
from support.samples import arguments, call

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.catalogue.operations import operations
from nusantara.errors import ApiError, NusantaraError, Sent, ServerError, Timeout
from nusantara.hooks import CallEvent, Event, Hooks
from nusantara.limits import RateLimit
from nusantara.options import Timeouts
from qiscus_async import AsyncQiscus, Qiscus

CLIENTS: dict[str, dict[str, Callable[..., Any]]] = {
    "bukalapak": {"async": AsyncBukalapak, "sync": Bukalapak},
    "kaskus": {"async": AsyncKaskus, "sync": Kaskus},
    "qiscus": {"async": AsyncQiscus, "sync": Qiscus},
}
ELSEWHERE = {"auth.log_in"}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("vendor", CLIENTS)
async def test_every_operation_is_known_by_its_name(vendor: str, flavour: str) -> None:
    heard: list[str | None] = []
    hooks = Hooks(before=lambda event: heard.append(event.operation))
    missed = {}
    async with RawServer(always({}, 403)) as server:
        client = CLIENTS[vendor][flavour]("toko", "rahasia-1945", base_url=server.base_url, hooks=hooks, max_attempts=1)
        shop: Flavour[Any] = Flavour(flavour, client)
        for operation in operations(vendor):
            if operation.name in ELSEWHERE:
                continue
            heard.clear()
            with suppress(ApiError):
                await shop(partial(call, operation=operation, given=arguments(operation)))
            if set(heard) != {operation.name}:
                missed[operation.name] = list(heard)
        await shop.close()
    assert missed == {}


async def watch(script: Any, make: Any, **settings: Any) -> list[Any]:
    """The events of one call."""
    events: list[Event | CallEvent] = []
    add = events.append
    hooks = Hooks(before=add, after=add, error=add, call=add)
    async with RawServer(script) as server:
        async with AsyncBukalapak("6", "rahasia-1945", base_url=server.base_url, hooks=hooks, **settings) as client:
            with suppress(NusantaraError):
                await make(client)
    return events


async def test_a_whole_call_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    caplog.set_level(logging.DEBUG, "nusantara.bukalapak")
    seen: list[str] = []

    async def script(wire: Wire, request: Received) -> None:
        seen.append(request.target)
        await wire.answer(503 if len(seen) == 1 else 200, {"status": "OK"}, X_Request_Id=f"nomor-{len(seen)}")

    events = await watch(script, lambda client: client.request("GET", "/x"), tags={"tenant": "a"})
    assert [type(event).__name__ for event in events] == ["Event"] * 4 + ["CallEvent"]
    before, error, _, after, whole = events
    assert {(event.call_id, event.operation, event.method, event.template) for event in events} == {
        (before.call_id, None, "GET", "/x")
    }
    assert len(before.call_id) == 12
    assert (before.sent, error.sent, error.status, error.request_id) == (Sent.NO, Sent.YES, 503, "nomor-1")
    assert (after.sent, after.status, after.request_id) == (Sent.YES, 200, "nomor-2")
    assert (whole.outcome, whole.attempts, whole.status, whole.request_id, whole.size) == (
        "answered",
        2,
        200,
        "nomor-2",
        after.size,
    )
    assert whole.elapsed > error.elapsed + after.elapsed
    records = [record.__dict__ for record in caplog.records if record.name == "nusantara.bukalapak"]
    assert [(record["attempt"], record["call_id"], record["tags"]) for record in records] == [
        (1, before.call_id, {"tenant": "a"}),
        (2, before.call_id, {"tenant": "a"}),
    ]


async def test_a_failed_call_is_told_with_its_error() -> None:
    *_, whole = await watch(always({}, 500), lambda client: client.request("POST", "/x"))
    assert (whole.outcome, whole.attempts, whole.status) == ("failed", 1, 500)
    assert isinstance(whole.error, ServerError)


async def test_the_wait_in_the_queue_is_told() -> None:
    limit = RateLimit(1, per=0.1)

    async def twice(client: Any) -> None:
        await client.request("GET", "/x")
        await client.request("GET", "/x")

    events = await watch(always({"status": "OK"}), twice, rate_limit=limit)
    first, second = [event for event in events if isinstance(event, CallEvent)]
    assert first.queued < 0.05 < second.queued
    assert second.elapsed is not None
    assert second.queued <= second.elapsed


async def test_a_call_that_never_got_a_connection_is_told() -> None:
    async def silent(wire: Wire, request: Received) -> None:
        await asyncio.sleep(5)

    async def two(client: Any) -> None:
        first = asyncio.create_task(client.with_options(timeout=5).request("GET", "/first"))
        await asyncio.sleep(0.05)
        with suppress(Timeout):
            await client.request("GET", "/second")
        first.cancel()
        await asyncio.wait([first])

    events = await watch(silent, two, max_connections=1, timeout=0.2)
    [event] = [event for event in events if isinstance(event, CallEvent) and event.template == "/second"]
    assert event.queued > 0.1
    assert (event.sent, event.attempts, event.outcome) == (Sent.NO, 1, "failed")
    assert isinstance(event.error, Timeout)


async def test_a_hook_for_calls_that_fails_or_sleeps_takes_no_answer() -> None:
    async def sleep(event: CallEvent) -> None:
        await asyncio.sleep(60)

    def fail(event: CallEvent) -> None:
        raise ValueError

    async with RawServer(always({"status": "OK"})) as server:
        hooks = [Hooks(call=[fail, sleep]), Hooks(call=fail)]
        settings: Any = {"base_url": server.base_url, "timeout": 0.3, "hooks": hooks}
        async with AsyncBukalapak("6", "rahasia-1945", **settings) as client, asyncio.timeout(2):
            assert (await client.request("GET", "/x")).status == 200


async def test_calls_have_ids_of_their_own() -> None:
    async def many(client: Any) -> None:
        await asyncio.gather(*(client.request("GET", "/x") for _ in range(50)))

    events = await watch(always({"status": "OK"}), many)
    counts = Counter(event.call_id for event in events)
    assert len(counts) == 50
    assert set(counts.values()) == {3}


async def test_a_log_record_says_the_operation_without_hooks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "nusantara.kaskus")
    async with RawServer(always({}, 403)) as server, AsyncKaskus("a", "b", base_url=server.base_url) as client:
        with pytest.raises(ApiError):
            await client.threads.hot()
    [record] = [record.__dict__ for record in caplog.records if record.name == "nusantara.kaskus"]
    assert record["operation"] == "threads.hot"
    assert record["tags"] == {}
    assert len(record["call_id"]) == 12


async def test_what_a_client_asks_for_by_itself_is_no_operation() -> None:
    """The token that a call waits for is another call, with an id of its own."""
    events: list[Event] = []
    async with RawServer(always({}, 403)) as server:
        settings: Any = {"base_url": server.base_url, "hooks": Hooks(before=events.append), "max_attempts": 1}
        async with AsyncKaskus.with_oauth2("id", "rahasia", **settings) as client:
            with pytest.raises(NusantaraError):
                await client.threads.hot()
    assert [event.operation for event in events] == [None]


async def test_calls_queue_as_long_as_they_may_take_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 calls at a vendor of which a hundred connections are answered at a time."""
    assert Timeouts().pool is None

    async def slow(wire: Wire, request: Received) -> None:
        await asyncio.sleep(0.05)
        await wire.answer(body={"status": "OK"})

    async with RawServer(slow) as server, AsyncBukalapak("6", "rahasia-1945", base_url=server.base_url) as client:
        answers = await asyncio.gather(*(client.request("GET", "/x") for _ in range(1_000)))
        assert {answer.status for answer in answers} == {200}
        assert server.connections <= 100
