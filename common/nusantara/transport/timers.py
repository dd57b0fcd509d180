"""Timers for many waits of few lengths, nearly all of which end in time.

The event loop keeps its timers in a heap, and setting and cancelling one costs as much as a tenth of a small call.
Waits of one length end in the order in which they began: so each length has a row of its own here, in which joining and
leaving are one dictionary operation each, and only the first of the row has a timer of the loop.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

__all__ = ["Deadlines", "Waiting"]


class Waiting(Protocol):
    """Whoever waits; told by identity."""

    def expire(self) -> None:
        """The time is up. Called by the event loop, once, after which the wait counts as ended."""


class Deadlines:
    """The waits of one event loop."""

    __slots__ = ("_loop", "_rows")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._rows: dict[float, _Row] = {}

    def begin(self, seconds: float, waiting: Waiting) -> float:
        """Start a wait; gives the moment at which it is over, by the loop's clock."""
        row = self._rows.get(seconds)
        if row is None:
            row = self._rows[seconds] = _Row(self, self._loop, seconds)
        return row.join(waiting)

    def end(self, seconds: float, waiting: Waiting) -> None:
        """End a wait, whether it has expired or not."""
        row = self._rows.get(seconds)
        if row is not None:
            row.waiting.pop(waiting, None)

    def __len__(self) -> int:
        """How many are waiting."""
        return sum(len(row.waiting) for row in self._rows.values())

    def forget(self, seconds: float) -> None:
        """Drop a row that has become empty: lengths that are computed anew for each call must not pile up."""
        del self._rows[seconds]


class _Row:
    """The waits of one length, oldest first."""

    __slots__ = ("_deadlines", "_loop", "_seconds", "waiting")

    def __init__(self, deadlines: Deadlines, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._deadlines = deadlines
        self._loop = loop
        self._seconds = seconds
        self.waiting: dict[Waiting, float] = {}
        loop.call_later(seconds, self._look)

    def join(self, waiting: Waiting) -> float:
        when = self.waiting[waiting] = self._loop.time() + self._seconds
        return when

    def _look(self) -> None:
        """Expire whoever has waited long enough, and come back when it is the next one's turn."""
        now = self._loop.time()
        while self.waiting:
            waiting, when = next(iter(self.waiting.items()))
            if when > now:
                self._loop.call_at(when, self._look)
                return
            del self.waiting[waiting]
            waiting.expire()
        self._deadlines.forget(self._seconds)
