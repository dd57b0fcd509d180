"""Limits on our own side: how many calls a second."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable
from typing import Final, Protocol
from weakref import WeakKeyDictionary, WeakValueDictionary

from nusantara.checks import check_seconds, check_whole
from nusantara.errors import InvalidParameter

__all__ = ["RateLimit", "RateLimits"]


_PIECES: Final = 1000
_ROUNDING: Final = 1e-6
"""Seconds, so that no rounding of clocks and sums makes a window too short."""


class _Turns:
    """Turns that were taken at about the same time."""

    __slots__ = ("first", "last", "number")

    def __init__(self, now: float) -> None:
        self.first = self.last = now
        self.number = 1


class Room(Protocol):
    """What holds so many calls at once and no more, such as the connections of a client."""

    def take_now(self) -> bool:
        """Take room for a call if there is some."""
        ...

    async def take(self, timeout: float | None, tenant: Hashable) -> None:
        """Wait for room, and take it."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...


class RateLimit:
    """At most ``calls`` calls in any ``per`` seconds, whenever they are asked for.

    One object may serve several clients that share a credential, on one event loop; for a limit for each of many
    credentials there are :class:`RateLimits`. Waiting counts towards the call's
    total timeout; a call that is cancelled or times out while it waits takes no turn from the others. After a 429 with
    Retry-After the calls of the same operation wait that long.

    The time that counts is when a call is let go here. The vendor counts when requests arrive, some later than others:
    where its limit is sharp, give a little less than its number.
    """

    __slots__ = ("__weakref__", "_calls", "_lines", "_log", "_logged", "_per", "_resume")

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
        self._lines: WeakKeyDictionary[object, asyncio.Lock] = WeakKeyDictionary()
        """Who waits, by where there has to be room for it."""

    async def wait(
        self, operation: str, room: Room | None = None, timeout: float | None = None, tenant: Hashable = None
    ) -> None:
        """Return when the next call of this operation may leave, and has room to.

        Args:
            operation: Path of the call, with placeholders.
            room: Where there has to be room for the call, which is then taken. Only the first in line waits for it, and
                a call that waits for the limit holds none.
            timeout: Seconds to wait for room, once it is all that lacks.
            tenant: Whose call it is, for the room.
        """
        loop = asyncio.get_running_loop()
        place = loop if room is None else room
        line = self._lines.get(place)
        if line is None:
            line = self._lines[place] = asyncio.Lock()
        while True:
            if self._resume:
                await self._sit_out(operation, loop)
            if not line.locked() and self._until_due(loop.time()) <= 0 and (room is None or room.take_now()):
                self._take(loop.time())
                return
            # Whoever has the lock is first in line and the only one to watch the clock. A turn is taken at the moment
            # it is used, so that no cancellation can leave one reserved.
            async with line:
                while operation not in self._resume:
                    delay = self._until_due(loop.time())
                    if delay > 0:
                        await asyncio.sleep(delay)
                        continue
                    if room is not None and not room.take_now():
                        await room.take(timeout, tenant)
                        if operation in self._resume or self._until_due(loop.time()) > 0:
                            room.release()
                            continue
                    self._take(loop.time())
                    return

    def pause(self, operation: str, seconds: float) -> None:
        """Hold back the calls of one operation, as a server asked."""
        self._resume[operation] = asyncio.get_running_loop().time() + seconds

    def _until_due(self, now: float) -> float:
        """Seconds until the next turn may be taken."""
        log = self._log
        while log and now >= log[0].last + self._per:
            self._logged -= log.popleft().number
        return 0.0 if self._logged < self._calls else max(log[0].last + self._per - now, _ROUNDING)

    def _take(self, now: float) -> float:
        """Take the next turn if it is due; otherwise the seconds until it is."""
        delay = self._until_due(now)
        if delay > 0:
            return delay
        log = self._log
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


class RateLimits:
    """A limit for each of many tenants: ``limits = RateLimits(10, per=1.0)``, and then ``rate_limit=limits["toko-7"]``.

    For one key there is one limit at any time, however often it is asked for: so each request of a web server can make
    its copy of a client anew. What is kept in memory is the limits that still count, of which a call left in the last
    ``per`` seconds or is held back, and those that a client has. The others are dropped, and made anew when asked for.

    Args:
        calls: As of :class:`RateLimit`, as for ``per``.
    """

    __slots__ = ("_calls", "_counting", "_known", "_per")

    def __init__(self, calls: int, per: float = 1.0) -> None:
        RateLimit(calls, per)
        self._calls = calls
        self._per = per
        self._known: WeakValueDictionary[Hashable, _LimitOfMany] = WeakValueDictionary()
        self._counting: dict[_LimitOfMany, None] = {}
        """Those that have counted a call and may do so still, by their latest one, oldest first."""

    def __getitem__(self, key: Hashable) -> RateLimit:
        """The limit of a tenant, told by any key that a dict can have."""
        try:
            limit = self._known.get(key)
        except TypeError:
            raise InvalidParameter("key", f"must be text or a number, not {type(key).__name__}") from None
        if limit is None:
            limit = self._known[key] = _LimitOfMany(self._calls, self._per, self._counting)
        return limit

    def __len__(self) -> int:
        """How many limits there are in memory."""
        return len(self._known)


class _LimitOfMany(RateLimit):
    """Stays in memory for as long as it counts."""

    __slots__ = ("_counting",)

    def __init__(self, calls: int, per: float, counting: dict[_LimitOfMany, None]) -> None:
        super().__init__(calls, per)
        self._counting = counting

    def pause(self, operation: str, seconds: float) -> None:
        super().pause(operation, seconds)
        self._count()
        self._drop_old(asyncio.get_running_loop().time())

    def _take(self, now: float) -> float:
        delay = super()._take(now)
        if not delay:
            self._count()
        self._drop_old(now)
        return delay

    def _count(self) -> None:
        """Stay, as the latest of all."""
        self._counting.pop(self, None)
        self._counting[self] = None

    def _drop_old(self, now: float) -> None:
        """Let those go that count no more."""
        counting = self._counting
        while (oldest := next(iter(counting), self)) is not self and not oldest._has_turns(now):
            del counting[oldest]
            if any(now < until for until in oldest._resume.values()):
                counting[oldest] = None  # Held back for long, so that it need not be looked at again soon.
                return

    def _has_turns(self, now: float) -> bool:
        return bool(self._log) and now < self._log[-1].last + self._per
