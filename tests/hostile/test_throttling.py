"""A server that says "too many": how long a call waits, when it gives up, and whom that concerns."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections import defaultdict
from typing import Any

import pytest
from hostile.conftest import at_once
from support.faults import Seen, outcome_of
from support.flavours import Flavour
from support.raw import Received, Wire

from nusantara.errors import RateLimited
from nusantara.limits import RateLimit

FOR_EVER = "Fri, 31 Dec 9999 23:59:59 GMT"


class Spelling:
    """A way to say in a 429 how long to wait, and what is to come of it."""

    def __init__(
        self, retry_after: str | None, date: str | None = None, *, asks: float | None = None, until: float | None = None
    ) -> None:
        self.headers = {
            name: value for name, value in (("Retry_After", retry_after), ("Date", date)) if value is not None
        }
        self.asks = asks
        self.until = until


def spellings() -> dict[str, Spelling]:
    theirs = time.time() + 86_400  # The server's clock is a day ahead: only its own Date tells what its date means.
    ours = int(time.time()) + 2
    return {
        "1": Spelling("1", asks=1.0),
        "a date by the server's clock": Spelling(
            email.utils.formatdate(theirs + 1, usegmt=True), email.utils.formatdate(theirs, usegmt=True), asks=1.0
        ),
        "a date": Spelling(email.utils.formatdate(ours, usegmt=True), until=ours),
        "1.5": Spelling("1.5", asks=1.5),
        "30,120": Spelling("30,120"),
        "-5": Spelling("-5"),
        "10^400": Spelling("1" + "0" * 400),
        "0": Spelling("0"),
        "words": Spelling("nanti saja"),
        "absent": Spelling(None),
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g41_every_spelling_of_retry_after(
    open_client: Any, serve: Any, short_pauses: None, seen: Seen, method: str
) -> None:
    ways = spellings()
    arrivals: dict[str, list[float]] = defaultdict(list)
    moments: dict[str, float] = {}

    async def refuse_once(wire: Wire, request: Received) -> None:
        arrivals[request.target].append(time.monotonic())
        moments[request.target] = time.time()
        if len(arrivals[request.target]) == 1:
            await wire.answer(429, {}, **list(ways.values())[int(request.target[1:])].headers)
        else:
            await wire.answer()

    server = await serve(refuse_once)
    client: Flavour[Any] = open_client(server.base_url)
    results = await at_once(client, len(ways), lambda c, number: c.request(method, f"/{number}"))
    waits = {}
    for number, (name, way) in enumerate(ways.items()):
        assert results[number].status == 200, name
        first, second = arrivals[f"/{number}"]
        waits[name] = second - first
        if way.until is not None:
            assert -0.02 <= moments[f"/{number}"] - way.until < 1
        elif way.asks is None:
            assert second - first < 0.9, name
        else:
            assert way.asks - 0.02 <= second - first < way.asks + 1, name
    seen(", ".join(f"{name[:12]}: {wait:.2f} s" for name, wait in waits.items()))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g41_a_wait_until_the_year_9999(open_client: Any, serve: Any, seen: Seen, method: str) -> None:
    async def refuse_once(wire: Wire, request: Received) -> None:
        await wire.answer(429 if len(server.requests) == 1 else 200, {}, Retry_After=FOR_EVER)

    server = await serve(refuse_once)
    client: Flavour[Any] = open_client(server.base_url, rate_limit=RateLimit(1_000))
    started = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        await client(lambda c: c.request(method, "/"))
    elapsed = time.monotonic() - started
    assert elapsed < 1
    assert len(server.requests) == len(caught.value.attempts) == 1
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 7_900 * 365 * 86_400
    assert f"wait {int(caught.value.retry_after)}"[:8] in str(caught.value)
    # The next call asks the server again: one absurd answer closes the operation to nobody.
    started = time.monotonic()
    await client(lambda c: c.request(method, "/"))
    assert time.monotonic() - started < 1
    seen(caught.value, f"{elapsed:.2f} s with year 9999")


async def test_g42_one_operation_throttled_for_ever(open_client: Any, serve: Any, seen: Seen) -> None:
    broken_once: set[str] = set()

    async def script(wire: Wire, request: Received) -> None:
        if request.target.startswith("/throttled"):
            await wire.answer(429, {}, Retry_After="1")
        elif request.target == "/shaky" and request.target not in broken_once:
            broken_once.add(request.target)
            await wire.answer(503, {})
        else:
            await wire.answer()

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url, rate_limit=RateLimit(10_000))
    with pytest.raises(RateLimited) as alone:
        await client(lambda c: c.request("GET", "/throttled"))
    assert len(alone.value.attempts) == len(server.requests) == 3
    server.requests.clear()
    throttled, others = 60, 100

    def operation(c: Any, number: int) -> Any:
        return c.request("GET", "/throttled" if number < throttled else f"/other/{number}")

    results = await at_once(client, throttled + others, operation)
    refusals = results[:throttled]
    assert all(isinstance(refusal, RateLimited) for refusal in refusals)
    for refusal in refusals:
        assert refusal.retry_after == 1
        assert "wait 1 s" in str(refusal)
        assert refusal.attempts[-1].status == 429
    assert [result.status for result in results[throttled:]] == [200] * others
    # No other call waited for the throttled ones: all had come before the first of those came again.
    order = [request.target.split("/")[1] for request in server.requests]
    repeats = [place for place, target in enumerate(order) if target == "throttled"][throttled:]
    assert 0 < len(repeats) < 20
    assert max(place for place, target in enumerate(order) if target == "other") < repeats[0]
    # Nor have they spent what the others may need for retries.
    assert client.core._shared.budget.left == 100
    assert (await client(lambda c: c.request("GET", "/shaky"))).status == 200
    seen(
        f"{outcome_of(alone.value)}, {alone.value.hint}",
        f"{others} calls of others before the first of {len(repeats)} repeats",
    )


async def test_g42_a_pause_is_for_one_operation(open_client: Any, serve: Any, seen: Seen) -> None:
    """With a rate limit, calls that have not met the 429 themselves heed it too."""
    arrivals: dict[str, list[float]] = defaultdict(list)

    async def script(wire: Wire, request: Received) -> None:
        arrivals[request.target].append(time.monotonic())
        refused = request.target == "/throttled" and len(arrivals["/throttled"]) == 1
        await wire.answer(429 if refused else 200, {}, **({"Retry_After": "1"} if refused else {}))

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1, rate_limit=RateLimit(50, per=0.5))
    with pytest.raises(RateLimited):
        await client(lambda c: c.request("GET", "/throttled"))
    results = await at_once(client, 40, lambda c, n: c.request("GET", "/throttled" if n % 2 else "/other"))
    assert [result.status for result in results] == [200] * 40
    refused, *later = arrivals["/throttled"]
    assert min(later) - refused >= 0.98
    assert max(arrivals["/other"]) < min(later)
    seen("the other operation went on", f"held back {min(later) - refused:.2f} s, the other one not")


async def test_g42_what_was_held_back_keeps_the_rate_afterwards() -> None:
    """All calls of a paused operation are due at its end, and must not leave in one burst."""
    limit = RateLimit(10, per=0.2)
    limit.pause("/x", 0.3)
    loop = asyncio.get_running_loop()
    times: list[float] = []

    async def call() -> None:
        await limit.wait("/x")
        times.append(loop.time())

    await asyncio.gather(*(call() for _ in range(25)))
    most = max(sum(start <= moment < start + 0.195 for moment in times) for start in times)
    assert most <= 10


async def test_calls_that_waited_for_a_connection_do_not_leave_in_a_bunch(open_client: Any, serve: Any) -> None:
    """Their turns of the limit were due while all connections hung."""
    arrivals: list[float] = []

    async def hang_at_first(wire: Wire, request: Received) -> None:
        arrivals.append(time.monotonic())
        if len(arrivals) <= 4:
            await asyncio.sleep(1.0)
        await wire.answer()

    server = await serve(hang_at_first)
    client: Flavour[Any] = open_client(server.base_url, max_connections=4, rate_limit=RateLimit(5, 0.5))
    await at_once(client, 20, lambda shop, number: shop.request("GET", f"/{number}"))
    assert len(arrivals) == 20
    arrivals.sort()
    # What left half a second apart may arrive a little closer.
    assert all(later - earlier > 0.45 for earlier, later in zip(arrivals, arrivals[5:], strict=False))
