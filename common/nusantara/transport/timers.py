"""Timers for many waits of few lengths, nearly all of which end in time.

The event loop keeps its timers in a heap, and setting and cancelling one costs as much as a tenth of a small call.
Waits of one length end in the order in which they began: so each length has a row of its own here, in which joining and
leaving are one dictionary operation each, and only the first of the row has a timer of the loop.

A row that has become empty is kept for the next call, which mostly comes soon and has the same length. Lengths that are
computed anew for each call would leave rows of no use, so only few are kept empty; the others go with their timers.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

__all__ = ["Deadlines", "Waiting"]

KEPT_EMPTY = 8
"""Rows in which nobody waits."""


class Waiting(Protocol):
    """Whoever waits; told by identity."""

    def expire(self) -> None:
        """The time is up. Called by the event loop, once, after which the wait counts as ended."""


class Deadlines:
    """The waits of one event loop."""

    __slots__ = ("_empty", "_loop", "_rows")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._rows: dict[float, _Row] = {}
        self._empty: dict[float, None] = {}
        """Lengths of the rows in which nobody waits, longest ago first."""

    def begin(self, seconds: float, waiting: Waiting) -> float:
        """Start a wait; gives the moment at which it is over, by the loop's clock."""
        row = self._rows.get(seconds)
        if row is None:
            row = self._rows[seconds] = _Row(self, self._loop, seconds)
        elif not row.waiting:
            self._empty.pop(seconds, None)
        return row.join(waiting)

    def end(self, seconds: float, waiting: Waiting) -> None:
        """End a wait, whether it has expired or not."""
        row = self._rows.get(seconds)
        if row is None or row.waiting.pop(waiting, None) is None or row.waiting:
            return
        self._empty[seconds] = None
        if len(self._empty) > KEPT_EMPTY:
            self.forget(next(iter(self._empty)))

    def __len__(self) -> int:
        """How many are waiting."""
        return sum(len(row.waiting) for row in self._rows.values())

    def forget(self, seconds: float) -> None:
        """Drop a row in which nobody waits, and its timer."""
        self._empty.pop(seconds, None)
        self._rows.pop(seconds).timer.cancel()


class _Row:
    """The waits of one length, oldest first."""

    __slots__ = ("_deadlines", "_loop", "_seconds", "timer", "waiting")

    def __init__(self, deadlines: Deadlines, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._deadlines = deadlines
        self._loop = loop
        self._seconds = seconds
        self.waiting: dict[Waiting, float] = {}
        self.timer = loop.call_later(seconds, self._look)

    def join(self, waiting: Waiting) -> float:
        when = self.waiting[waiting] = self._loop.time() + self._seconds
        return when

    def _look(self) -> None:
        """Expire whoever has waited long enough, and come back when it is the next one's turn."""
        now = self._loop.time()
        while self.waiting:
            waiting, when = next(iter(self.waiting.items()))
            if when > now:
                self.timer = self._loop.call_at(when, self._look)
                return
            del self.waiting[waiting]
            waiting.expire()
        self._deadlines.forget(self._seconds)
