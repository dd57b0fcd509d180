"""The timeout of a whole call: kept, whatever keeps the call from ending."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from hostile.conftest import at_once, best_time
from support.faults import Seen, outcome_of
from support.flavours import Flavour
from support.raw import Received, Wire

from nusantara.errors import NoAnswer, NusantaraError, Phase, RateLimited, Sent, ServerError, Timeout
from nusantara.options import Timeouts


async def hang(wire: Wire, request: Received) -> None:
    await asyncio.sleep(30)


@pytest.mark.parametrize("attempts", [1, 3, 50])
@pytest.mark.parametrize("how", ["hangs", "first byte late", "drips"])
async def test_g45_the_deadline_holds_whatever_the_number_of_attempts(
    open_client: Any, serve: Any, short_pauses: None, seen: Seen, how: str, attempts: int
) -> None:
    async def drip(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            await wire.send(b" ")
            await asyncio.sleep(0.05)

    total = 0.6
    server = await serve(drip if how == "drips" else hang)
    timeouts = Timeouts(total=total, first_byte=0.14 if how == "first byte late" else None)
    client: Flavour[Any] = open_client(server.base_url, timeout=timeouts, max_attempts=attempts)
    caught: list[NoAnswer] = []

    async def run() -> None:
        with pytest.raises(NoAnswer) as one:
            await client(lambda c: c.request("GET", "/"))
        caught.append(one.value)

    expected = total if how != "first byte late" else min(0.14 * attempts, total)
    elapsed = await best_time(run, expected)
    assert elapsed <= total + 0.1
    assert elapsed >= expected - 0.1
    if how != "first byte late":
        assert all(isinstance(error, Timeout) and error.phase is Phase.TOTAL for error in caught)
    elif attempts > 1:
        assert all(len(error.attempts) > 1 for error in caught)
    seen(caught[-1], f"{elapsed:.2f} s of {total} s, {len(caught[-1].attempts)} attempts")


async def test_g45_a_later_attempt_has_what_the_first_left(
    open_client: Any, serve: Any, short_pauses: None, seen: Seen
) -> None:
    asked = 0

    async def busy_then_hang(wire: Wire, request: Received) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.3 if asked % 2 else 30)
        await wire.answer(503)

    server = await serve(busy_then_hang)
    client: Flavour[Any] = open_client(server.base_url, timeout=0.6)
    caught: list[NusantaraError] = []

    async def run() -> None:
        nonlocal asked
        asked = 0
        with pytest.raises(NusantaraError) as one:
            await client(lambda c: c.request("GET", "/"))
        caught.append(one.value)

    elapsed = await best_time(run, 0.6)
    assert abs(elapsed - 0.6) <= 0.1
    assert len(caught[-1].attempts) == 2
    seen(caught[-1], f"{elapsed:.2f} s of 0.6 s, the first attempt took 0.3 s of it")


@pytest.mark.parametrize("asked", [True, False], ids=["pause asked for", "pause of our own"])
async def test_g45_a_pause_longer_than_the_deadline(
    open_client: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, seen: Seen, asked: bool
) -> None:
    """The answer that is here comes at once: to wait for the deadline would give nobody anything."""
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.6)
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    total = 0.4

    async def busy(wire: Wire, request: Received) -> None:
        await wire.answer(429 if asked else 503, {}, **({"Retry_After": "0.6"} if asked else {}))

    server = await serve(busy)
    client: Flavour[Any] = open_client(server.base_url, timeout=total)
    caught: list[NusantaraError] = []

    async def run() -> None:
        with pytest.raises(RateLimited if asked else ServerError) as one:
            await client(lambda c: c.request("GET", "/"))
        caught.append(one.value)

    elapsed = await best_time(run, 0.0, within=0.2)
    assert elapsed <= total + 0.1
    assert "no time for it" in caught[-1].__notes__[0]
    await asyncio.sleep(1.0)
    assert len(server.requests) == len(caught)
    seen(caught[-1], f"{elapsed:.2f} s of {total} s, {len(server.requests) // len(caught)} request a call")


@pytest.mark.parametrize(("pause", "requests"), [("0.4", 2), ("0.85", 1)])
async def test_g45_no_attempt_begins_with_hardly_any_time_left(
    open_client: Any, serve: Any, seen: Seen, pause: str, requests: int
) -> None:
    """It would be cut off in the middle, and a call that was refused would end as one whose outcome is unknown."""

    async def script(wire: Wire, request: Received) -> None:
        if len(server.requests) == 1:
            await wire.answer(429, {}, Retry_After=pause)
        else:
            await wire.answer()

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url, timeout=1.0)
    started = time.monotonic()
    [result] = await at_once(client, 1, lambda c, _: c.request("POST", "/"))
    elapsed = time.monotonic() - started
    await asyncio.sleep(max(1.1 - elapsed, 0))
    assert len(server.requests) == requests
    assert isinstance(result, RateLimited) == (requests == 1)
    seen(
        outcome_of(result) if isinstance(result, Exception) else "answered",
        f"{requests} requests with {1 - float(pause):.2f} s of 1 s left",
    )


async def test_g46_a_pool_of_one_and_fifty_callers(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(hang)
    client: Flavour[Any] = open_client(
        server.base_url, max_connections=1, timeout=Timeouts(pool=0.5, first_byte=None, total=1.0)
    )
    started = time.monotonic()
    errors = await at_once(client, 50, lambda c, number: c.request("POST", f"/{number}"))
    elapsed = time.monotonic() - started
    queued = [error for error in errors if isinstance(error, Timeout) and error.phase is Phase.POOL]
    assert len(queued) == 49
    counts = []
    for error in queued:
        found = re.search(r"no free connection within 0.5 s: 1 of 1 in use, (\d+) others waiting", str(error))
        assert found, str(error)
        counts.append(int(found[1]))
        assert error.sent is Sent.NO
        assert "raise max_connections" in str(error)
        assert len(error.attempts) == 1
    assert max(counts) == 48
    [holder] = [error for error in errors if error not in queued]
    assert isinstance(holder.__cause__, Timeout)
    assert holder.__cause__.phase is Phase.TOTAL
    assert len(server.requests) == 1
    seen(queued[0], f"{len(queued)} of 50, {max(counts)} others waiting, {elapsed:.1f} s")
