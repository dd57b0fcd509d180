"""The calls that may be in flight at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable

from nusantara.errors import Phase, Timeout

__all__ = ["Slots"]


class Slots:
    """The calls that may be in flight at once; later ones queue, each tenant's in a line of its own.

    A line is first come, first served, and the lines take turns: however many calls a tenant has in its line, those of
    another wait for one call of each tenant at most.

    This, and not aiohttp's connector, holds the limit on connections: so that a wait for a free connection is told
    from a slow connect, has a bound of its own, and can say how many others wait.
    """

    __slots__ = ("__weakref__", "_free", "_lines", "limit", "waiting")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.waiting = 0
        self._free = limit
        self._lines: OrderedDict[Hashable, OrderedDict[asyncio.Future[None], None]] = OrderedDict()
        """By tenant; the line whose turn is next comes first. None is empty."""

    @property
    def in_use(self) -> int:
        return self.limit - self._free

    def take_now(self) -> bool:
        """Take a slot if one is free. While anybody waits, none is: a release hands it on."""
        if self._free:
            self._free -= 1
            return True
        return False

    async def take(self, timeout: float | None, tenant: Hashable = None) -> None:
        """Take a slot, waiting at most ``timeout`` seconds for it in the line of a tenant."""
        if self.take_now():
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        line = self._lines.get(tenant)
        if line is None:
            line = self._lines[tenant] = OrderedDict()
        line[turn] = None
        self.waiting += 1
        timer = None if timeout is None else loop.call_later(timeout, self._give_up, turn, timeout)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release()  # Handed over in the same moment as the cancellation: it goes to the next in line.
            elif turn in line:  # A release in the same moment has passed it over already.
                del line[turn]
                self.waiting -= 1
                if not line:
                    del self._lines[tenant]
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def release(self) -> None:
        while self._lines:
            tenant, line = self._lines.popitem(last=False)
            turn, _ = line.popitem(last=False)
            self.waiting -= 1
            if line:
                self._lines[tenant] = line
                if turn.done():
                    self._lines.move_to_end(tenant, last=False)  # Whoever left has used no turn of its line.
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
