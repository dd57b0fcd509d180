"""A limit on our own side: how many calls a second."""

from __future__ import annotations

import asyncio

from nusantara.errors import InvalidParameter

__all__ = ["RateLimit"]


class RateLimit:
    """At most ``calls`` calls in any ``per`` seconds, spread evenly after a first burst.

    One object may serve several clients that share a credential, on one event loop. Waiting counts towards the call's
    total timeout; a call that is cancelled or times out while it waits takes no turn from the others. After a 429 with
    Retry-After the calls of the same operation wait that long.
    """

    __slots__ = ("_burst", "_interval", "_loop", "_next", "_queue", "_resume")

    def __init__(self, calls: int, per: float = 1.0) -> None:
        if calls < 1:
            raise InvalidParameter("calls", "must be at least 1")
        if per <= 0:
            raise InvalidParameter("per", "must be above 0")
        # GCRA lets burst + per / interval calls pass in any window of `per` seconds; this pair makes that `calls`.
        self._burst = (calls + 1) // 2
        self._interval = per / max(calls - self._burst, 1) if calls > 1 else per
        self._next = 0.0
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

    def pause(self, operation: str, seconds: float) -> None:
        """Hold back the calls of one operation, as a server asked."""
        self._resume[operation] = asyncio.get_running_loop().time() + seconds

    def _take(self, now: float) -> float:
        """Take the next turn if it is due; otherwise the seconds until it is."""
        delay = self._next - self._interval * (self._burst - 1) - now
        if delay <= 0:
            self._next = max(self._next, now) + self._interval
        return delay

    async def _sit_out(self, operation: str, loop: asyncio.AbstractEventLoop) -> None:
        while (delay := self._resume.get(operation, 0.0) - loop.time()) > 0:
            await asyncio.sleep(delay)
        self._resume.pop(operation, None)
