"""The calls that may be in flight at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from nusantara.errors import Phase, Timeout

__all__ = ["Slots"]


class Slots:
    """The calls that may be in flight at once; later ones queue, first come first served.

    This, and not aiohttp's connector, holds the limit on connections: so that a wait for a free connection is told
    from a slow connect, has a bound of its own, and can say how many others wait.
    """

    __slots__ = ("_free", "_waiters", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._free = limit
        self._waiters: OrderedDict[asyncio.Future[None], None] = OrderedDict()

    @property
    def in_use(self) -> int:
        return self.limit - self._free

    @property
    def waiting(self) -> int:
        return len(self._waiters)

    def take_now(self) -> bool:
        """Take a slot if one is free. While anybody waits, none is: a release hands it on."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def take(self, timeout: float | None) -> None:
        """Take a slot, waiting at most ``timeout`` seconds for it."""
        if self.take_now():
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiters[turn] = None
        timer = None if timeout is None else loop.call_later(timeout, self._give_up, turn, timeout)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release()  # Handed over in the same moment as the cancellation: it goes to the next in line.
            else:
                self._waiters.pop(turn, None)  # A release in the same moment has passed it over already.
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def release(self) -> None:
        while self._waiters:
            turn, _ = self._waiters.popitem(last=False)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _give_up(self, turn: asyncio.Future[None], timeout: float) -> None:
        if not turn.done():
            turn.set_exception(
                Timeout(
                    Phase.POOL,
                    f"no free connection within {timeout:g} s: {self.in_use} of {self.limit} in use, "
                    f"{self.waiting - 1} others waiting",
                    hint="raise max_connections, or make fewer calls at once",
                )
            )
