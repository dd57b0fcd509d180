"""Many waits on few timers: each ends in time, in order, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.signing import NoAuth
from nusantara.transport.timers import KEPT_EMPTY, Deadlines


class Timer:
    def __init__(self, clock: Clock, entry: tuple[float, Any]) -> None:
        self._clock = clock
        self._entry = entry

    def cancel(self) -> None:
        if self._entry in self._clock.timers:
            self._clock.timers.remove(self._entry)


class Clock:
    """An event loop as far as :class:`Deadlines` needs one, with a time that is set."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Any]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, act: Any) -> Timer:
        self.timers.append((when, act))
        return Timer(self, self.timers[-1])

    def call_later(self, seconds: float, act: Any) -> Timer:
        return self.call_at(self.now + seconds, act)

    def advance(self, to: float) -> None:
        while due := sorted((timer for timer in self.timers if timer[0] <= to), key=lambda timer: timer[0]):
            self.timers.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1]()
        self.now = to


class Wait:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.expired_at: float | None = None

    def expire(self) -> None:
        assert self.expired_at is None, "twice"
        self.expired_at = self.clock.now


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([0.5, 1.0, 60.0]), st.floats(0, 90)), max_size=30))
def test_each_wait_expires_at_its_time_unless_it_ended_before(waits: list[tuple[float, float, float]]) -> None:
    clock = Clock()
    deadlines = Deadlines(clock)  # type: ignore[arg-type]
    made: dict[int, Wait] = {}

    def begin(number: int, seconds: float) -> None:
        made[number] = Wait(clock)
        assert deadlines.begin(seconds, made[number]) == clock.now + seconds

    events: list[tuple[float, int, Any]] = []
    for number, (start, seconds, lasts) in enumerate(waits):
        events.append((start, number, lambda number=number, seconds=seconds: begin(number, seconds)))
        events.append((start + lasts, number, lambda n=number, seconds=seconds: deadlines.end(seconds, made[n])))
    for moment, _, happen in sorted(events, key=lambda event: event[0]):
        clock.advance(moment)
        happen()
    clock.advance(1000)

    for number, (start, seconds, lasts) in enumerate(waits):
        assert made[number].expired_at == (start + seconds if start + seconds <= start + lasts else None)
    assert len(deadlines) == 0
    assert clock.timers == []


def test_a_wait_that_ended_never_expires() -> None:
    clock = Clock()
    deadlines = Deadlines(clock)  # type: ignore[arg-type]
    gone, late = Wait(clock), Wait(clock)
    deadlines.begin(1.0, gone)
    clock.advance(0.5)
    deadlines.begin(1.0, late)
    deadlines.end(1.0, gone)
    clock.advance(1.4)
    assert (gone.expired_at, late.expired_at) == (None, None)
    clock.advance(5)
    assert (gone.expired_at, late.expired_at) == (None, 1.5)


def test_lengths_that_nobody_uses_any_more_are_dropped() -> None:
    clock = Clock()
    deadlines = Deadlines(clock)  # type: ignore[arg-type]
    for number in range(1000):
        wait = Wait(clock)
        deadlines.begin(1 + number / 1000, wait)
        deadlines.end(1 + number / 1000, wait)
        assert len(deadlines._rows) == len(clock.timers) <= KEPT_EMPTY + 1, "whatever their number was"
    clock.advance(3)
    assert deadlines._rows == {}
    assert clock.timers == []


def test_a_length_in_use_stays_however_many_others_come_and_go() -> None:
    clock = Clock()
    deadlines = Deadlines(clock)  # type: ignore[arg-type]
    long = Wait(clock)
    deadlines.begin(60.0, long)
    for number in range(100):
        deadlines.begin(1 + number, wait := Wait(clock))
        deadlines.end(1 + number, wait)
    clock.advance(100)
    assert long.expired_at == 60.0
    assert clock.timers == []


def test_calls_of_one_length_set_one_timer() -> None:
    clock = Clock()
    deadlines = Deadlines(clock)  # type: ignore[arg-type]
    for _ in range(100):
        wait = Wait(clock)
        deadlines.begin(60.0, wait)
        [timer] = clock.timers
        deadlines.end(60.0, wait)
    assert clock.timers == [timer]


async def test_calls_with_deadlines_of_their_own_leave_no_timers() -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    async with RawServer(answer) as server, AsyncClient(server.base_url, NoAuth(), Settings()) as client:
        for number in range(300):
            await client.with_options(timeout=1000 + number / 7).request("GET", "/")
        opened = client._shared.session.open()
        assert len(opened.deadlines._rows) <= KEPT_EMPTY


async def test_it_works_on_a_real_loop() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(loop)
    over = asyncio.Event()

    class Bell:
        def expire(self) -> None:
            over.set()

    start = loop.time()
    when = deadlines.begin(0.05, Bell())
    await asyncio.wait_for(over.wait(), 5)
    assert loop.time() >= when - 0.001
    assert when - start >= 0.05
