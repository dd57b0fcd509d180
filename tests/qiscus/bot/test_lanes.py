"""Lanes: order within each, side by side, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiscus_async.webhooks.lanes import Lanes


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=40), st.integers(1, 6))
def test_each_lane_keeps_its_order_and_no_bound_is_passed(items: list[tuple[int, int]], concurrency: int) -> None:
    done: dict[int, list[int]] = defaultdict(list)
    at_work: set[int] = set()

    async def work(item: tuple[int, int, int]) -> None:
        lane, number, pauses = item
        assert lane not in at_work
        at_work.add(lane)
        assert len(at_work) <= concurrency
        for _ in range(pauses):
            await asyncio.sleep(0)
        at_work.remove(lane)
        done[lane].append(number)

    async def run() -> None:
        lanes = Lanes(work, concurrency=concurrency)
        for number, (lane, pauses) in enumerate(items):
            lanes.put(lane, (lane, number, pauses))
            if pauses == 0:
                await asyncio.sleep(0)
        await lanes.idle()

    asyncio.run(run())
    expected: dict[int, list[int]] = defaultdict(list)
    for number, (lane, _) in enumerate(items):
        expected[lane].append(number)
    assert done == expected


async def test_a_busy_lane_does_not_starve_the_others() -> None:
    done: list[str] = []

    async def work(item: str) -> None:
        await asyncio.sleep(0)
        done.append(item)

    lanes = Lanes(work, concurrency=1)
    for number in range(20):
        lanes.put("busy", f"busy {number}")
    lanes.put("quiet", "quiet")
    await lanes.idle()
    assert done.index("quiet") == 1


async def test_work_that_raises_is_logged_and_its_lane_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    async def work(item: int) -> None:
        if item == 0:
            raise ValueError("broken")
        done.append(item)

    lanes = Lanes(work, concurrency=1)
    lanes.put("lane", 0)
    lanes.put("lane", 1)
    await lanes.idle()
    assert done == [1]
    assert "broken" in caplog.text


async def test_what_is_abandoned_is_given_back() -> None:
    done, stubborn_done = [], asyncio.Event()

    async def work(item: str) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if item == "finishes":
                done.append(item)
                stubborn_done.set()
                return
            raise

    lanes = Lanes(work, concurrency=2)
    for lane, item in [("a", "stops"), ("a", "waits"), ("b", "finishes"), ("c", "waits too")]:
        lanes.put(lane, item)
    await asyncio.sleep(0)
    assert sorted(await lanes.abandon()) == ["stops", "waits", "waits too"]
    assert done == ["finishes"]


async def test_work_that_resists_its_end_is_given_back_and_harms_nothing_when_it_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qiscus_async.webhooks.lanes._LAST_WORDS", 0.01)
    gate = asyncio.Event()

    async def work(_: str) -> None:
        while not gate.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await gate.wait()

    lanes = Lanes(work, concurrency=1)
    lanes.put("lane", "resists")
    await asyncio.sleep(0)
    assert await lanes.abandon() == ["resists"]
    gate.set()
    await lanes.idle()
    assert caplog.text == ""


async def test_each_item_is_done_in_a_context_of_its_own_as_it_was_when_the_lanes_were_made() -> None:
    trace: contextvars.ContextVar[str] = contextvars.ContextVar("trace")
    seen: list[Any] = []

    async def work(item: int) -> None:
        seen.append((item, trace.get()))
        trace.set("another item")

    trace.set("the program")
    lanes = Lanes(work, concurrency=1)
    trace.set("a request")
    for number in range(3):
        lanes.put("lane", number)
    await lanes.idle()
    assert seen == [(0, "the program"), (1, "the program"), (2, "the program")]
