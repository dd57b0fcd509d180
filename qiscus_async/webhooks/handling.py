"""What becomes of an accepted event: it waits its turn, is told from a repeat, handled, and reported if that fails."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

import attrs

from qiscus_async.webhooks.callbacks import async_function, takes
from qiscus_async.webhooks.claims import Claim, Claims, Standing
from qiscus_async.webhooks.dedup import EventKey, event_key
from qiscus_async.webhooks.errors import EventDropped
from qiscus_async.webhooks.events import CommentPosted, Event, parse_event
from qiscus_async.webhooks.lanes import Lanes
from qiscus_async.webhooks.settings import Counts, ReceiverSettings, seconds, seconds_or_none, store_or_none, whole
from qiscus_async.webhooks.shares import Shares

__all__ = ["ErrorHook", "EventHandler", "Handling"]

log = logging.getLogger("nusantara.qiscus.webhooks")

EventHandler = Callable[[Event], Awaitable[None]]
ErrorHook = Callable[[Event, Exception], Awaitable[None] | None]

REPORT_TIMEOUT: Final = 2.0
"""Seconds in all for reporting what is dropped."""
BESIDE_BODY: Final = 2048
"""Bytes that an event takes beside its body while it waits."""
FIRST_LOOK: Final = 0.02
LONGEST_LOOK: Final = 1.0
"""Seconds between looks at an event that another receiver has claimed."""
_ROOMLESS: Final = "events without a room"


@attrs.define(slots=True, eq=False)
class _Accepted:
    """An event on its way. While it waits it is the bytes it came as, which are a tenth of what they are read to."""

    room: Hashable
    """Whose share it takes."""
    lane: Hashable
    body: bytes = attrs.field(repr=False)
    event: Event | None = attrs.field(repr=False)
    """None while it waits."""
    key: EventKey | None = None
    taking: asyncio.Task[tuple[Standing, Claim | None]] | None = None
    """What the store says of it. None without one."""
    handled: bool = False
    done: bool = False
    """Whether it takes no share any more."""

    @property
    def size(self) -> int:
        return len(self.body) + BESIDE_BODY

    def read(self) -> Event:
        return parse_event(self.body) if self.event is None else self.event


class Handling:
    """Handles events, those of a room in the order they came. Belongs to the event loop that :meth:`open` is called in.

    Args:
        handler: Handles one event.
        on_error: Called with what a handler raised; by default that is logged.
        name: What the store's failures are logged under.
        scope: What the store's keys are kept apart by from those of other receivers.
    """

    def __init__(
        self,
        handler: EventHandler,
        on_error: ErrorHook | None,
        counts: Counts,
        settings: ReceiverSettings,
        *,
        name: str,
        scope: str,
    ) -> None:
        self._handler = async_function("handler", handler, "event")
        if on_error is not None:
            takes("on_error", on_error, "event", "error")
        self._on_error = on_error
        self._counts = counts
        self._name = name
        self._scope = scope
        self._store = store_or_none("dedup_store", settings["dedup_store"])
        self._claim_times = {
            "lease": seconds("dedup_lease", settings["dedup_lease"]),
            "ttl": seconds("dedup_ttl", settings["dedup_ttl"]),
            "window": seconds("dedup_window", settings["dedup_window"]),
        }
        self._handler_timeout = seconds_or_none("handler_timeout", settings["handler_timeout"])
        self._capacity = whole("queue_size", settings["queue_size"])
        self._capacity_bytes = whole("queue_bytes", settings["queue_bytes"])
        self._concurrency = whole("concurrency", settings["concurrency"])
        self.open()

    def __len__(self) -> int:
        """Events accepted and not done."""
        return len(self._shares)

    def open(self) -> None:
        """Begin with nothing accepted."""
        self._context = contextvars.copy_context()
        self._shares = Shares(capacity=self._capacity, capacity_bytes=self._capacity_bytes)
        self._lanes = Lanes(self._work, concurrency=self._concurrency)
        self._claims: Claims | None = None
        if self._store is not None:
            self._claims = Claims(self._store, scope=self._scope, failed=self._store_failed, **self._claim_times)
        self._elsewhere: dict[asyncio.Task[None], _Accepted] = {}
        """Those that other receivers have claimed."""
        self._over = False

    def accept(self, event: Event, body: bytes) -> bool:
        """Have an event handled. False if its room has its share already, all bytes are used, or this is over."""
        room: Hashable = f"room {event.room.id}" if isinstance(event, CommentPosted) else _ROOMLESS
        accepted = _Accepted(room, object() if room is _ROOMLESS else room, body, event)
        if self._over or not self._shares.has_room(room, accepted.size):
            return False
        self._shares.take(room, accepted.size)
        if self._claims is not None:
            accepted.key = event_key(event, body)
            # Asked now, because it is the moment of arrival that counts, and answered while the event waits.
            self._take(accepted, self._claims)
        if not self._lanes.put(accepted.lane, accepted):
            accepted.event = None
        return True

    async def idle(self) -> None:
        """Wait until everything accepted so far is handled."""
        while len(self):
            await self._lanes.idle()
            if self._elsewhere:
                await asyncio.wait(self._elsewhere)

    async def abandon(self) -> None:
        """Cancel and report what is not handled. Nothing is accepted from then on."""
        self._over = True
        for task, accepted in self._elsewhere.items():
            if task.cancel():
                # What another receiver is at work on is not lost here.
                self._counts.repeats += 1
                self._finish(accepted)
        left = await self._lanes.abandon()
        if left:
            log.error("ending with %d events not handled", len(left))
        # Read as many at once as while they are handled.
        places = asyncio.Semaphore(self._concurrency)
        try:
            async with asyncio.timeout(REPORT_TIMEOUT):
                await asyncio.gather(*(self._drop(accepted, places) for accepted in left))
        except TimeoutError:
            log.error("reporting them took too long")
        finally:
            if self._claims is not None:
                self._claims.stop()

    def _take(self, accepted: _Accepted, claims: Claims) -> None:
        assert accepted.key is not None
        loop = asyncio.get_running_loop()
        accepted.taking = loop.create_task(claims.take(accepted.key), context=self._context.copy())

    def _finish(self, accepted: _Accepted) -> None:
        if not accepted.done:
            accepted.done = True
            self._shares.give_back(accepted.room, accepted.size)

    async def _work(self, accepted: _Accepted) -> None:
        standing, claim = (Standing.NEW, None) if accepted.taking is None else await accepted.taking
        if standing is Standing.ELSEWHERE:
            task = asyncio.get_running_loop().create_task(self._watch(accepted))
            self._elsewhere[task] = accepted
            task.add_done_callback(self._elsewhere.pop)
            return
        if standing is Standing.REPEAT:
            self._counts.repeats += 1
        else:
            await self._handle(accepted, claim)
        self._finish(accepted)

    async def _watch(self, accepted: _Accepted) -> None:
        """See what becomes of an event that another receiver has claimed, and handle it if that one dies."""
        assert self._claims is not None
        pause = FIRST_LOOK
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_LOOK)
            self._take(accepted, self._claims)
            assert accepted.taking is not None
            standing, _ = await accepted.taking
            if standing is not Standing.ELSEWHERE:
                break
        self._lanes.put(accepted.lane, accepted)

    async def _handle(self, accepted: _Accepted, claim: Claim | None) -> None:
        event = accepted.read()
        failure: Exception
        scope = asyncio.timeout(self._handler_timeout)
        try:
            async with scope:
                await self._handler(event)
        except Exception as error:
            failure = TimeoutError(f"not done within {self._handler_timeout:g} s") if scope.expired() else error
            failure.__cause__ = None if failure is error else error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # Something that the handler waited for was cancelled, not the handler.
            failure = RuntimeError("something that the handler waited for was cancelled")
            failure.__cause__ = error
        else:
            accepted.handled = True
            self._counts.handled += 1
            await self._remember(claim)
            return
        self._counts.failed += 1
        await asyncio.gather(self._release(claim), self._report(event, failure))

    async def _drop(self, accepted: _Accepted, places: asyncio.Semaphore) -> None:
        standing, claim = Standing.NEW, None
        if accepted.taking is not None and not accepted.taking.cancelled():
            standing, claim = await accepted.taking
        self._finish(accepted)
        if accepted.handled:
            await self._remember(claim)
        elif standing is not Standing.NEW:
            self._counts.repeats += 1
        else:
            self._counts.dropped += 1
            await asyncio.gather(self._release(claim), self._report_dropped(accepted, places))

    async def _report_dropped(self, accepted: _Accepted, places: asyncio.Semaphore) -> None:
        async with places:
            await self._report(accepted.read(), EventDropped("the program ended before this event was handled"))

    async def _remember(self, claim: Claim | None) -> None:
        """Have an event passed over if it comes again."""
        if claim is not None and self._claims is not None:
            await self._claims.done(claim)

    async def _release(self, claim: Claim | None) -> None:
        """Have an event handled if it comes again."""
        if claim is not None and self._claims is not None:
            await self._claims.release(claim)

    def _store_failed(self, error: Exception) -> None:
        self._counts.store_failures += 1
        log.warning("the store of %s failed: %r", self._name, error)

    async def _report(self, event: Event, failure: Exception) -> None:
        if self._on_error is None:
            log.error("handling an event of type %r failed", event.type, exc_info=failure)
            return
        try:
            async with asyncio.timeout(self._handler_timeout):
                pending = self._on_error(event, failure)
                if inspect.isawaitable(pending):
                    await pending
        except Exception:
            log.exception("on_error failed")
