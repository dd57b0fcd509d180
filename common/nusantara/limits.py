"""A limit on our own side: how many calls a second."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from nusantara.checks import check_seconds, check_whole

__all__ = ["RateLimit"]


_PIECES: Final = 1000
_ROUNDING: Final = 1e-6
"""Seconds, so that no rounding of clocks and sums makes a window too short."""


class _Turns:
    """Turns that were taken at about the same time."""

    __slots__ = ("first", "last", "number")

    def __init__(self, now: float) -> None:
        self.first = self.last = now
        self.number = 1


class RateLimit:
    """At most ``calls`` calls in any ``per`` seconds, whenever they are asked for.

    One object may serve several clients that share a credential, on one event loop. Waiting counts towards the call's
    total timeout; a call that is cancelled or times out while it waits takes no turn from the others. After a 429 with
    Retry-After the calls of the same operation wait that long.

    The time that counts is when a call is let go here. The vendor counts when requests arrive, some later than others:
    where its limit is sharp, give a little less than its number.
    """

    __slots__ = ("_calls", "_log", "_logged", "_loop", "_per", "_queue", "_resume")

    def __init__(self, calls: int, per: float = 1.0) -> None:
        check_whole("calls", calls)
        check_seconds("per", per)
        self._calls = calls
        self._per = per + _ROUNDING
        self._log: deque[_Turns] = deque()
        """The turns taken in the last ``per`` seconds. They are kept in at most :data:`_PIECES` pieces of that time,
        each of which counts as long as its last turn does."""
        self._logged = 0
        self._resume: dict[str, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Lock

    async def wait(self, operation: str) -> None:
        """Return when the next call of this operation may leave."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._queue = loop, asyncio.Lock()
        while True:
            if self._resume:
                await self._sit_out(operation, loop)
            if not self._queue.locked() and self._take(loop.time()) <= 0:
                return
            # Whoever has the lock is first in line and the only one to watch the clock. A turn is taken at the moment
            # it is used, so that no cancellation can leave one reserved.
            async with self._queue:
                while operation not in self._resume:
                    delay = self._take(loop.time())
                    if delay <= 0:
                        return
                    await asyncio.sleep(delay)

    def give_back(self) -> None:
        """Undo the turn that was taken last, in the very step of the event loop that took it: its call cannot leave."""
        self._logged -= 1
        self._log[-1].number -= 1
        if not self._log[-1].number:
            self._log.pop()

    def pause(self, operation: str, seconds: float) -> None:
        """Hold back the calls of one operation, as a server asked."""
        self._resume[operation] = asyncio.get_running_loop().time() + seconds

    def _take(self, now: float) -> float:
        """Take the next turn if it is due; otherwise the seconds until it is."""
        log = self._log
        while log and now >= log[0].last + self._per:
            self._logged -= log.popleft().number
        if self._logged >= self._calls:
            return max(log[0].last + self._per - now, _ROUNDING)
        if log and now < log[-1].first + self._per / _PIECES:
            log[-1].last = max(log[-1].last, now)
            log[-1].number += 1
        else:
            log.append(_Turns(now))
        self._logged += 1
        return 0.0

    async def _sit_out(self, operation: str, loop: asyncio.AbstractEventLoop) -> None:
        while (delay := self._resume.get(operation, 0.0) - loop.time()) > 0:
            await asyncio.sleep(delay)
        self._resume.pop(operation, None)
