"""Work in lanes: one thing after the other in each lane, the lanes side by side."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import attrs

__all__ = ["Lanes"]

log = logging.getLogger("nusantara.qiscus.webhooks")

Item = TypeVar("Item")

_LAST_WORDS = 1.0
"""Seconds for what is cancelled to end."""


@attrs.frozen(slots=True, eq=False)
class _Entry(Generic[Item]):
    item: Item
    lane: Hashable


class Lanes(Generic[Item]):
    """Does ``work`` for each item. Belongs to the event loop it is used in.

    Work is done in the context that the lanes were made in, not in the one that an item came in: tools that watch a
    server keep the request there, and with it the secret in its path.

    Args:
        work: Handles its own failures; what it raises nevertheless is logged.
        concurrency: Items at work at once, at most.
    """

    def __init__(self, work: Callable[[Item], Awaitable[None]], *, concurrency: int) -> None:
        self._work = work
        self._concurrency = concurrency
        self._context = contextvars.copy_context()
        self._waiting: dict[Hashable, deque[_Entry[Item]]] = {}
        """By lane. A lane with something at work is here even if nothing waits."""
        self._ready: deque[Hashable] = deque()
        """Lanes with something waiting and nothing at work."""
        self._running: dict[asyncio.Task[None], _Entry[Item]] = {}

    def put(self, lane: Hashable, item: Item) -> bool:
        """Have an item worked on. Gives whether that begins at once."""
        waiting = self._waiting.get(lane)
        if waiting is None:
            waiting = self._waiting[lane] = deque()
            self._ready.append(lane)
        waiting.append(_Entry(item, lane))
        self._start()
        return not waiting

    async def idle(self) -> None:
        """Wait until everything is done."""
        while self._running:
            await asyncio.wait(self._running)

    async def abandon(self) -> list[Item]:
        """Cancel what is at work and take back what waits; gives all of it that is not done."""
        left = [entry.item for waiting in self._waiting.values() for entry in waiting]
        self._ready.clear()
        running = dict(self._running)
        self._waiting = {entry.lane: deque() for entry in running.values()}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=_LAST_WORDS)
        # One that resists is not done either, as far as anybody can tell.
        stopped = [entry.item for task, entry in running.items() if not task.done() or task.cancelled()]
        return [*stopped, *left]

    def _start(self) -> None:
        while self._ready and len(self._running) < self._concurrency:
            entry = self._waiting[self._ready.popleft()].popleft()
            task = asyncio.get_running_loop().create_task(self._do(entry.item), context=self._context.copy())
            self._running[task] = entry
            task.add_done_callback(self._done)

    async def _do(self, item: Item) -> None:
        await self._work(item)

    def _done(self, task: asyncio.Task[None]) -> None:
        entry = self._running.pop(task)
        if self._waiting[entry.lane]:
            # Behind the others, so that a busy lane does not keep them waiting.
            self._ready.append(entry.lane)
        else:
            del self._waiting[entry.lane]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("handling an event failed", exc_info=error)
        self._start()
