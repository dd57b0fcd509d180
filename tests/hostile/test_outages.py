"""A server that is down, or half down: what the calls of many cost it, and how soon all is well again."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from hostile.conftest import at_once
from support.faults import Seen, outcome_of
from support.flavours import Flavour
from support.raw import Received, Wire

from nusantara.errors import ConnectionLost, NusantaraError, ServerError, Timeout
from nusantara.options import Timeouts
from nusantara.response import Response


@pytest.mark.parametrize("how", ["answers 503", "resets", "hangs"])
async def test_g43_a_dead_server_and_a_thousand_callers(
    open_client: Any, serve: Any, short_pauses: None, seen: Seen, how: str
) -> None:
    alive = False

    async def script(wire: Wire, request: Received) -> bool:
        if alive:
            await wire.answer()
        elif how == "answers 503":
            await wire.answer(503, {})
        elif how == "resets":
            wire.reset()
        else:
            await asyncio.sleep(30)
        return False

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url, timeout=Timeouts(first_byte=0.1 if how == "hangs" else 30.0))

    def call(c: Any, number: int) -> Any:
        return c.request("GET", f"/{number}")

    failures = await at_once(client, 1_000, call)
    assert {type(failure) for failure in failures} <= {ServerError, ConnectionLost, Timeout}
    cost = len(server.requests)
    assert 1_000 < cost <= 1_020
    assert sum(len(failure.attempts) for failure in failures) == cost

    alive = True
    started = time.monotonic()
    patient = Flavour[Any](client.name, client.client.with_options(timeout=Timeouts()))
    results = await at_once(patient, 1_000, call)
    recovery = time.monotonic() - started
    assert {type(result) for result in results} == {Response}
    assert recovery < 5
    longest = max(failures, key=lambda failure: len(failure.attempts))
    seen(f"{how}: {outcome_of(longest)}", f"{cost} requests of 1000 calls, all served {recovery:.1f} s after the end")


async def test_g43_the_budget_is_full_again_within_a_hundred_successes(
    open_client: Any, serve: Any, short_pauses: None, seen: Seen
) -> None:
    alive = False

    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(200 if alive else 503, {})

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url)
    await at_once(client, 50, lambda c, number: c.request("GET", "/"))
    budget = client.core._shared.budget
    assert budget.left == 0
    alive = True
    successes = 0
    while budget.left < budget.capacity:
        await client(lambda c: c.request("GET", "/"))
        successes += 1
    assert successes <= 100
    # Full again, it pays for as much as before.
    alive = False
    before = len(server.requests)
    await at_once(client, 50, lambda c, number: c.request("GET", "/"))
    assert len(server.requests) - before == 50 + 20
    seen("the budget is full again", f"after {successes} successes")


async def test_g43_every_third_call_fails(open_client: Any, serve: Any, short_pauses: None, seen: Seen) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(500 if len(server.requests) % 3 == 0 else 200, {})

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url)
    good = 0
    callers, rounds = 25, 40
    for _ in range(rounds):
        results = await at_once(client, callers, lambda c, number: c.request("GET", "/"))
        good += sum(not isinstance(result, BaseException) for result in results)
    count = callers * rounds
    assert good >= 0.95 * count
    seen("calls succeed", f"{100 * good / count:.1f} % of {count}, {callers} at once, {len(server.requests)} requests")


async def test_g43_every_attempt_is_signed_anew(open_client: Any, serve: Any, short_pauses: None, seen: Seen) -> None:
    async def down(wire: Wire, request: Received) -> None:
        await wire.answer(503, {})

    server = await serve(down)
    client: Flavour[Any] = open_client(server.base_url, vendor="kaskus")
    with pytest.raises(NusantaraError) as caught:
        await client(lambda c: c.threads.hot())
    assert len(caught.value.attempts) == 3

    def all_of(part: str) -> set[str]:
        found = [re.search(rf'{part}="([^"]+)"', request.headers["authorization"]) for request in server.requests]
        return {match[1] for match in found if match}

    nonces = all_of("oauth_nonce")
    assert len(server.requests) == len(nonces) == len(all_of("oauth_signature")) == 3
    seen(caught.value, f"{len(nonces)} nonces in {len(server.requests)} attempts")
