"""Limits on our own side."""

from __future__ import annotations

import asyncio
import gc
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import InvalidParameter
from nusantara.limits import RateLimit, RateLimits
from nusantara.transport.slots import Slots


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


class FakeLoop:
    """Gives the time that it is told."""

    def __init__(self, limit: RateLimit, start: float) -> None:
        self.limit = limit
        self.now = start
        self.times: list[float] = []

    def leave(self) -> None:
        """Wait for the next turn, and note when it came."""
        while (delay := self.limit._take(self.now)) > 0:
            self.now += delay
        self.times.append(self.now)

    def most_within(self, per: float) -> int:
        """The largest number of calls in any window, its end not included."""
        first, most = 0, 0
        for last, moment in enumerate(self.times):
            while moment - self.times[first] >= per:
                first += 1
            most = max(most, last - first + 1)
        return most


gaps = st.sampled_from([0.0, 0.0, 0.0, 1e-9, 1e-4, 0.01]) | st.floats(0, 3)


@given(
    calls=st.integers(1, 60),
    per=st.sampled_from([0.05, 0.1, 1.0, 7.5, 60.0, 86_400.0]),
    start=st.sampled_from([0.0, 0.1, 1_000.7, 12_345_678.9]),
    arrivals=st.lists(gaps, min_size=1, max_size=200),
)
def test_no_window_has_more_calls_than_the_limit(calls: int, per: float, start: float, arrivals: list[float]) -> None:
    loop = FakeLoop(RateLimit(calls, per), start)
    for gap in arrivals:
        loop.now += gap * per / 3
        loop.leave()
    assert loop.most_within(per) <= calls


@pytest.mark.parametrize(
    ("calls", "least"), [(1, 0.9), (2, 0.9), (3, 0.9), (19, 0.9), (20, 0.95), (50, 0.95), (5_000, 0.95)]
)
@pytest.mark.parametrize("per", [0.1, 1.0, 60.0])
def test_who_always_asks_gets_nearly_all_calls(calls: int, least: float, per: float) -> None:
    loop = FakeLoop(RateLimit(calls, per), 100.0)
    number = 20 * calls
    for _ in range(number):
        loop.now += 0.0001 * per  # The clock is not looked at in the moment in which a turn is due.
        loop.leave()
    assert loop.most_within(per) <= calls
    # The first burst is for nothing, so that it is not counted.
    assert (number - calls) / (loop.times[-1] - loop.times[0]) >= least * calls / per


async def test_the_rate_is_kept_in_real_time() -> None:
    limit, per = RateLimit(50, per=0.25), 0.25
    times: list[float] = []
    loop = asyncio.get_running_loop()

    async def ask() -> None:
        while loop.time() < end:
            await limit.wait("/x")
            times.append(loop.time())

    start = loop.time()
    end = start + 1.9 * per
    await asyncio.gather(*(ask() for _ in range(10)))
    assert max(sum(first <= time < first + per for time in times) for first in times) <= 50
    assert len(times) >= 100


def test_a_large_limit_takes_little_memory() -> None:
    loop = FakeLoop(RateLimit(1_000_000, per=3_600.0), 0.0)
    for _ in range(20_000):
        loop.now += 0.1
        loop.leave()
    assert len(loop.limit._log) <= 1_001
    loop.now += 4_000
    loop.leave()
    assert (len(loop.limit._log), loop.limit._logged) == (1, 1)


async def test_who_waits_longest_goes_first() -> None:
    limit = RateLimit(1, per=0.02)
    order: list[int] = []

    async def call(number: int) -> None:
        await limit.wait("/x")
        order.append(number)

    await asyncio.gather(*(call(number) for number in range(8)))
    assert order == list(range(8))


@pytest.mark.parametrize(
    ("calls", "per", "name"),
    [
        (0, 1.0, "calls"),
        (-1, 1.0, "calls"),
        (True, 1.0, "calls"),
        (2.5, 1.0, "calls"),
        ("5", 1.0, "calls"),
        (None, 1.0, "calls"),
        (1, 0.0, "per"),
        (1, -1.0, "per"),
        (1, True, "per"),
        (1, math.nan, "per"),
        (1, math.inf, "per"),
        (1, "1", "per"),
        (1, None, "per"),
    ],
)
def test_senseless_rates_are_refused(calls: Any, per: Any, name: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        RateLimit(calls, per)
    assert caught.value.parameter == name


# --- With a room


async def test_who_waits_for_the_limit_holds_no_room() -> None:
    slots, limit = Slots(1), RateLimit(1, per=60)
    await limit.wait("/x", slots)
    slots.release()
    noisy = [asyncio.create_task(limit.wait("/x", slots, None, "noisy")) for _ in range(100)]
    await asyncio.sleep(0.01)
    assert (slots.in_use, slots.waiting) == (0, 0)
    for task in noisy:
        task.cancel()
    await asyncio.wait(noisy)


async def test_a_full_room_takes_no_turn_and_does_not_stop_who_goes_elsewhere() -> None:
    full, free, limit = Slots(1), Slots(1), RateLimit(2, per=60)
    assert full.take_now()
    waiting = [asyncio.create_task(limit.wait("/x", full)) for _ in range(10)]
    await asyncio.sleep(0.01)
    assert full.waiting == 1, "the first in line"
    await asyncio.wait_for(limit.wait("/x", free), 1)
    full.release()
    await asyncio.wait(waiting, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
    assert sum(task.done() for task in waiting) == 1
    assert full.in_use == 1
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_a_turn_that_another_took_meanwhile_gives_the_room_back() -> None:
    full, free, limit = Slots(1), Slots(1), RateLimit(1, per=0.1)
    assert full.take_now()
    waiting = asyncio.create_task(limit.wait("/x", full))
    await asyncio.sleep(0)
    await limit.wait("/x", free)
    taken = time.monotonic()
    full.release()
    await asyncio.sleep(0.01)
    assert full.in_use == 0
    await waiting
    assert time.monotonic() - taken >= 0.1
    assert full.in_use == 1


# --- Limits of many


async def test_a_key_has_one_limit_as_long_as_it_counts() -> None:
    limits = RateLimits(1, per=0.1)
    await limits["a"].wait("/x")
    gc.collect()
    started = time.monotonic()
    await limits["a"].wait("/x")
    assert time.monotonic() - started >= 0.09
    await asyncio.wait_for(limits["b"].wait("/x"), 0.05)


async def test_limits_that_count_no_more_are_dropped() -> None:
    limits = RateLimits(5, per=0.02)
    held = limits["held"]
    for number in range(3_000):
        await limits[f"toko-{number}"].wait("/x")
    await asyncio.sleep(0.03)
    for number in range(3_000):
        await limits[f"warung-{number % 3}"].wait("/x")
        if number == 2_000:
            break
    assert len(limits) < 10
    assert limits["held"] is held


async def test_a_limit_that_a_server_has_paused_stays() -> None:
    limits = RateLimits(5, per=0.01)
    limits["a"].pause("/x", 0.3)
    for number in range(100):
        await limits[f"{number}"].wait("/x")
        await asyncio.sleep(0.001)
    started = time.monotonic()
    await limits["a"].wait("/x")
    assert time.monotonic() - started > 0.05


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 0.5)), max_size=80))
def test_nothing_that_counts_is_ever_dropped(uses: list[tuple[int, float]]) -> None:
    limits, now = RateLimits(1, per=1.0), 0.0
    taken: dict[int, float] = {}
    for key, pause in uses:
        now += pause
        due = limits[key]._take(now) == 0
        assert due == (now - taken.get(key, -math.inf) >= 1.000_001)
        if due:
            taken[key] = now
        assert len(limits) <= 2 + 2 * sum(now - moment < 1.1 for moment in taken.values())


@pytest.mark.parametrize("settings", [{"calls": 0}, {"calls": 1, "per": 0}, {"calls": True}])
def test_limits_are_checked_when_they_are_made(settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter, match=r"^(calls|per):"):
        RateLimits(**settings)


def test_a_key_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="key: must be text or a number, not list"):
        RateLimits(1)[[]]  # type: ignore[index]
