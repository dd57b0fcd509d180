"""Limits on our own side."""

from __future__ import annotations

import asyncio

import pytest

from nusantara.errors import InvalidParameter
from nusantara.limits import RateLimit


async def test_a_rate_limit_holds_in_every_window() -> None:
    limit = RateLimit(20, per=0.2)
    times: list[float] = []

    async def call() -> None:
        await limit.wait("/x")
        times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(call() for _ in range(60)))
    times.sort()
    # Timers fire up to the clock's resolution early, hence the slightly narrower window.
    most = max(sum(start <= time < start + 0.195 for time in times) for start in times)
    assert most <= 20
    assert times[-1] - times[0] >= 0.2


async def test_a_pause_holds_one_operation_only() -> None:
    limit = RateLimit(100)
    limit.pause("/slow", 0.1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await limit.wait("/other")
    assert loop.time() - start < 0.05
    await limit.wait("/slow")
    assert loop.time() - start >= 0.095


async def test_cancelled_waits_take_no_turn() -> None:
    limit = RateLimit(2, per=0.1)
    tasks = [asyncio.create_task(limit.wait("/x")) for _ in range(100)]
    await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    start = asyncio.get_running_loop().time()
    await limit.wait("/x")
    assert asyncio.get_running_loop().time() - start < 0.5, "100 turns are 10 s"


def test_a_rate_limit_serves_one_loop_after_another() -> None:
    limit = RateLimit(2, per=0.02)

    async def use() -> None:
        await asyncio.gather(*(limit.wait("/x") for _ in range(5)))

    for _ in range(3):
        asyncio.run(use())


@pytest.mark.parametrize(("calls", "per", "name"), [(0, 1.0, "calls"), (1, 0.0, "per")])
def test_senseless_rates_are_refused(calls: int, per: float, name: str) -> None:
    with pytest.raises(InvalidParameter, match=name):
        RateLimit(calls, per)
