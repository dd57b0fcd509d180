"""What a program can watch: every attempt before it leaves, after it is answered, when it fails."""

from __future__ import annotations

import asyncio
import logging
import time
import types
from collections.abc import Awaitable, Callable, Generator, Iterable
from functools import partial
from typing import Any

import attrs

from nusantara.errors import NusantaraError
from nusantara.introspection import documented, suggesting

__all__ = ["Event", "Hook", "Hooks"]

log = logging.getLogger("nusantara.hooks")


@documented
@attrs.frozen(slots=True, kw_only=True)
class Event:
    """One attempt of one call. Holds no header, no parameter and no body, so it may be logged anywhere."""

    vendor: str
    method: str
    template: str
    """Path with placeholders, as in ``/v1/messages/{id}.json``."""
    call_class: str
    attempt: int
    """1 for the first try."""
    status: int | None = None
    """HTTP status, once answered."""
    elapsed: float | None = None
    """Seconds this attempt took, once over."""
    size: int | None = None
    """Bytes of the answer's body after decompression, once answered."""
    error: NusantaraError | None = None
    """Why it failed, if it did."""


Hook = Callable[[Event], Awaitable[None] | None]
"""A plain function, called in the task of the call, or a coroutine function, run in a task of its own that sees the
context variables of the call. Either runs in the event loop and must not block it."""


def _hooks(value: Hook | Iterable[Hook]) -> tuple[Hook, ...]:
    return (value,) if callable(value) else tuple(value)


@suggesting
@documented
@attrs.frozen(slots=True, kw_only=True)
class Hooks:
    """Functions to call around each attempt. None of them can lose, change or delay an answer beyond its time.

    One that raises is reported and passed over. Coroutines of one event run side by side; the call waits for them, five
    seconds at most and never beyond its own timeout. One that takes over five seconds is cancelled and reported. One
    that blocks the event loop cannot be stopped; it is reported with the time that it blocked, from 0.1 s on. Reports
    are warnings of the logger ``nusantara.hooks``; their records have ``hook``, ``vendor``, ``template`` and
    ``seconds``.
    """

    before: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """Before an attempt waits for a free connection."""
    after: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """After an answer that ends the call well."""
    error: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """After an attempt that failed."""


HOOK_TIMEOUT = 5.0
BLOCKING = 0.1
LATE_PATIENCE = 0.05
"""Seconds that a call whose time is up still waits for its hooks."""
BLOCKED = "blocked the event loop, and every call with it"

_running: set[asyncio.Task[None]] = set()
"""Hooks that outlast their calls: the loop alone would not keep them alive."""


async def run_hooks(hooks: tuple[Hook, ...], event: Event, *, late: bool = False) -> None:
    """Call each, and wait for those that are coroutines. Cancelling the wait does not cancel them.

    Args:
        late: Whether the time of the call is up, so that it waits for hardly a moment.
    """
    tasks: dict[asyncio.Task[None], Hook] = {}
    blocked = False
    for hook in hooks:
        started = time.perf_counter()
        try:
            pending = hook(event)
        except (Exception, asyncio.CancelledError) as error:
            _report(hook, event, time.perf_counter() - started, f"failed: {error!r}")
            pending = None
        seconds = time.perf_counter() - started
        if seconds >= BLOCKING:
            blocked = True
            _report(hook, event, seconds, BLOCKED)
        if pending is not None:
            task = asyncio.create_task(_watch(hook, pending, event))
            _running.add(task)
            task.add_done_callback(_running.discard)
            tasks[task] = hook
    if blocked:
        # The loop catches up with what fell due meanwhile, such as the end of this very call, before anything is sent.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    if not tasks:
        return
    started = time.perf_counter()
    done, undone = await asyncio.wait(tasks, timeout=LATE_PATIENCE if late else HOOK_TIMEOUT + BLOCKING)
    seconds = time.perf_counter() - started
    for task in done:
        if task.cancelled():
            _report(tasks[task], event, seconds, "failed: it was cancelled from within")
    if not late:
        for task in undone:
            _report(tasks[task], event, seconds, "ignores its cancellation and is left running")


async def _watch(hook: Hook, pending: Awaitable[None], event: Event) -> None:
    """Run a hook's coroutine to its end, or to the end of its time."""
    started = time.perf_counter()
    limit = asyncio.timeout(HOOK_TIMEOUT)
    try:
        async with limit:
            await _timed(hook, pending, event)
    except Exception as error:
        what = "took too long and was stopped" if limit.expired() else f"failed: {error!r}"
        _report(hook, event, time.perf_counter() - started, what)


@types.coroutine
def _timed(hook: Hook, pending: Awaitable[None], event: Event) -> Generator[Any, Any, None]:
    """Await something and measure how long each of its steps keeps the event loop."""
    steps = pending.__await__()
    step: Callable[[], Any] = partial(next, steps)
    while True:
        started = time.perf_counter()
        try:
            awaited = step()
        except StopIteration:
            return
        finally:
            seconds = time.perf_counter() - started
            if seconds >= BLOCKING:
                _report(hook, event, seconds, BLOCKED)
        try:
            yield awaited
        except BaseException as error:
            if not isinstance(steps, Generator):
                raise
            step = partial(steps.throw, error)
        else:
            step = partial(next, steps)


def _report(hook: Hook, event: Event, seconds: float, what: str) -> None:
    name = getattr(hook, "__qualname__", repr(hook))
    log.warning(
        "hook %s %s (%.2f s, %s %s)",
        name,
        what,
        seconds,
        event.method,
        event.template,
        extra={"hook": name, "vendor": event.vendor, "template": event.template, "seconds": seconds},
    )
