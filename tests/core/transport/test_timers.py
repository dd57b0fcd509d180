"""Many waits on few timers: each ends in time, in order, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nusantara.transport.timers import Deadlines


class Clock:
    """An event loop as far as :class:`Deadlines` needs one, with a time that is set."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Any]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, act: Any) -> None:
        self.timers.append((when, act))

    def call_later(self, seconds: float, act: Any) -> None:
        self.call_at(self.now + seconds, act)

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
    clock.advance(3)
    assert deadlines._rows == {}
    assert clock.timers == []


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
