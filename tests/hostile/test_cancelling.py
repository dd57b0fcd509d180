"""Callers that go away at any moment: whatever they held is free again, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import statistics
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import at_once, best_time
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire
from support.threads import inject

from bukalapak_async import AsyncBukalapak, Bukalapak
from nusantara.errors import ConnectionLost, NusantaraError, OutcomeUnknown, Sent, ServerError, Timeout
from nusantara.hooks import Event, Hooks
from nusantara.limits import RateLimit
from nusantara.response import Response
from nusantara.sync import portal as portal_module
from nusantara.upload import File

CANCELLATIONS = 10_000
CONNECTIONS = 4


async def script(wire: Wire, request: Received) -> bool:
    """Every kind of answer, by path; the first of a pair of "shaky" requests fails."""
    kind = request.target.split("/")[1]
    if kind == "large":
        await wire.answer(body=b'"' + b"x" * 200_000 + b'"')
    elif kind == "late":
        await asyncio.sleep(0.002)
        await wire.answer()
    elif kind == "shaky" and wire.number % 2:
        await wire.answer(503, {})
    elif kind == "lost" and wire.number % 3 == 0:
        return True
    else:
        await wire.answer()
    return False


async def quick_hook(event: Event) -> None:
    await asyncio.sleep(0)


def settings() -> dict[str, Any]:
    return {
        "max_connections": CONNECTIONS,
        "rate_limit": RateLimit(40, per=0.01),
        "hooks": Hooks(before=quick_hook, after=quick_hook, error=quick_hook),
    }


def one_of_many(client: Any, number: int, file: Path) -> Any:
    """A call of any kind, of either flavour."""
    match number % 6:
        case 0:
            return client.request("GET", "/large")
        case 1:
            return client.request("POST", "/late", json={"a": 1})
        case 2:
            return client.request("GET", f"/shaky/{number % 7}")
        case 3:
            return client.request("GET", "/lost")
        case 4 if number % 4 == 0:
            return client.request("POST", "/body", json="x" * 100_000)
        case 5 if number % 4 == 1:
            return client.request("POST", "/file", files={"berkas": File.of(file)})
    return client.request("GET", "/")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "berkas.txt"
    path.write_bytes(b"isi" * 1_000)
    return path


async def at_rest(client: Flavour[Any], server: Any, limit: RateLimit) -> tuple[int, float]:
    """Check that nothing is held; returns the successes that filled the budget and the time of a call."""
    slots = client.core._shared.session.slots
    assert (slots.in_use, slots.waiting) == (0, 0)
    assert not any(line.locked() for line in limit._lines.values())
    assert limit._resume == {}
    budget = client.core._shared.budget
    assert 0 <= budget.left <= budget.capacity
    successes = 0
    while budget.left < budget.capacity:
        await client(lambda c: c.request("GET", "/"))
        successes += 1
    assert successes <= 100
    elapsed = await best_time(lambda: client(lambda c: c.request("GET", "/")), 0.0, within=0.05)
    assert elapsed < 0.05
    # Those of the calls that came through, repeatable and unrepeatable, and not one of those that were given up.
    assert server.open_connections <= 2 * CONNECTIONS
    return successes, elapsed


@pytest.fixture
def complaints() -> list[dict[str, Any]]:
    """What the event loop of the calls says of things that nobody has waited for."""
    return []


@pytest.mark.only("async", why="interrupted threads have a test of their own")
async def test_g44_cancelled_at_every_await(
    serve: Any, monkeypatch: pytest.MonkeyPatch, seen: Seen, file: Path, complaints: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.002)
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    server = await serve(script)
    options = settings()
    chance = random.Random(1945)
    outcomes: Counter[type] = Counter()
    number = 0
    client = Flavour[Any]("async", AsyncBukalapak("toko", "rahasia", base_url=server.base_url, **options))
    while outcomes[asyncio.CancelledError] < CANCELLATIONS:
        tasks = []
        for _ in range(250):
            number += 1
            tasks.append(asyncio.create_task(one_of_many(client.client, number, file)))
        steps = [chance.randrange(70) for _ in tasks]
        for step in range(70):
            for task, when in zip(tasks, steps, strict=True):
                if when == step:
                    task.cancel()
            await asyncio.sleep(0)
        outcomes.update(type(result) for result in await asyncio.gather(*tasks, return_exceptions=True))
    assert outcomes.keys() <= {asyncio.CancelledError, Response, ConnectionLost, ServerError, OutcomeUnknown}
    assert outcomes[Response] > 100
    successes, elapsed = await at_rest(client, server, options["rate_limit"])
    await client.close()
    gc.collect()
    assert complaints == []
    seen(
        "at rest; " + ", ".join(f"{count} {kind.__name__}" for kind, count in outcomes.most_common()),
        f"next call {elapsed * 1000:.0f} ms, budget full after {successes} successes",
    )


class Interrupt(BaseException):
    """Stands for Ctrl-C."""


@pytest.mark.only("sync", why="cancelled tasks have a test of their own")
async def test_g44_interrupted_in_the_wait(
    serve: Any, monkeypatch: pytest.MonkeyPatch, seen: Seen, file: Path, complaints: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.002)
    monkeypatch.setattr(portal_module, "_WAIT_STEP", 0.001)
    server = await serve(script)
    options = settings()
    client = Flavour[Any]("sync", Bukalapak("toko", "rahasia", base_url=server.base_url, **options))
    await client(lambda c: c.request("GET", "/"))
    worker = portal_module.shared()._worker
    assert worker is not None
    worker.loop.call_soon_threadsafe(worker.loop.set_exception_handler, lambda _, context: complaints.append(context))
    outcomes: Counter[type] = Counter()
    calling: set[int] = set()
    over = threading.Event()

    def caller(first: int) -> None:
        number, ident = first, threading.get_ident()
        while not over.is_set():
            try:
                number += 12
                calling.add(ident)
                try:
                    outcome: type = type(one_of_many(client.client, number, file))
                finally:
                    calling.discard(ident)
            except NusantaraError as error:
                outcome = type(error)
            except Interrupt:
                outcome = Interrupt
            outcomes[outcome] += 1

    def guarded(first: int) -> None:
        while not over.is_set():
            with contextlib.suppress(Interrupt):  # One that came just after its call.
                caller(first)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(12)]
    chance = random.Random(1945)

    def interrupt() -> None:
        for thread in threads:
            thread.start()
        while outcomes[Interrupt] < CANCELLATIONS:
            for ident in list(calling):
                if chance.random() < 0.5:
                    inject(ident, Interrupt)
            time.sleep(chance.random() * 0.006)
        over.set()
        for thread in threads:
            thread.join(10)

    await asyncio.to_thread(interrupt)
    assert not any(thread.is_alive() for thread in threads)
    assert outcomes.keys() <= {Interrupt, Response, ConnectionLost, ServerError, OutcomeUnknown}
    for _ in range(200):
        if not worker.calls:
            break
        await asyncio.sleep(0.01)
    assert worker.calls == set()
    successes, elapsed = await at_rest(client, server, options["rate_limit"])
    await client.close()
    gc.collect()
    assert complaints == []
    assert portal_module.shared()._worker is worker
    worker.loop.call_soon_threadsafe(worker.loop.set_exception_handler, None)
    seen(
        "at rest; " + ", ".join(f"{count} {kind.__name__}" for kind, count in outcomes.most_common()),
        f"next call {elapsed * 1000:.0f} ms, budget full after {successes} successes",
    )


async def test_g44_a_pause_before_the_next_attempt_ends_at_once(serve: Any, seen: Seen, flavour: str) -> None:
    """In under 10 ms, without a charge to the budget and without another request."""

    async def busy(wire: Wire, request: Received) -> None:
        await wire.answer(503, {}, Retry_After="20")

    server = await serve(busy)
    count = 40
    took: list[float] = []
    if flavour == "async":
        async with AsyncBukalapak("toko", "rahasia", base_url=server.base_url) as bukalapak:
            tasks = [asyncio.create_task(bukalapak.request("GET", "/")) for _ in range(count)]
            while len(server.requests) < count:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            for task in tasks:
                started = time.perf_counter()
                task.cancel()
                await asyncio.wait([task])
                took.append(time.perf_counter() - started)
                assert task.cancelled()
            budget = bukalapak._shared.budget
    else:
        portal = portal_module.shared()
        bukalapak_sync = Bukalapak("toko", "rahasia", base_url=server.base_url)

        def interrupted() -> None:
            worker = portal._worker
            assert worker is not None
            call = portal_module._Call(worker, bukalapak_sync._impl.request, ("GET", "/"), {})
            before = len(server.requests)
            call.hand_over()
            while len(server.requests) == before:
                time.sleep(0.001)
            time.sleep(0.02)
            started = time.perf_counter()
            call.abandon()
            took.append(time.perf_counter() - started)
            assert isinstance(call.error, asyncio.CancelledError)

        await asyncio.to_thread(portal.run, asyncio.sleep, 0)
        for _ in range(count):
            await asyncio.to_thread(interrupted)
        budget = bukalapak_sync._impl._shared.budget
        await asyncio.to_thread(bukalapak_sync.close)
    assert statistics.median(took) < 0.01
    assert budget.left == budget.capacity
    assert len(server.requests) == count
    seen("cancelled, 1 request each", f"after {statistics.median(took) * 1000:.1f} ms")


async def test_g44_callers_that_leave_a_rate_limit_take_no_turn_along(open_client: Any, serve: Any, seen: Seen) -> None:
    """A crowd that gives up in the queue leaves the rate to who comes next."""
    server = await serve(script)
    limit = RateLimit(2, per=0.2)
    client: Flavour[Any] = open_client(server.base_url, rate_limit=limit)
    given_up = await at_once(client, 100, lambda c, n: c.with_options(timeout=0.3).request("GET", f"/{n}"))
    late = sum(isinstance(result, Timeout) and result.sent is Sent.NO for result in given_up)
    assert late > 90
    started = time.monotonic()
    await client(lambda c: c.request("GET", "/"))
    elapsed = time.monotonic() - started
    assert elapsed < 1, "100 turns of 0.2 s would be 20 s"
    seen("at rest", f"{elapsed:.2f} s after {late} had given up")
