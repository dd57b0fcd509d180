"""What a program can watch: every call once it is over, and every attempt before it leaves, after it is answered, when
it fails."""

from __future__ import annotations

import asyncio
import logging
import time
import types
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

import attrs

from nusantara.errors import InvalidParameter, NusantaraError, Sent
from nusantara.introspection import documented, suggesting

__all__ = ["CallEvent", "CallHook", "Event", "Hook", "Hooks"]

T = TypeVar("T")

log = logging.getLogger("nusantara.hooks")


Outcome = Literal["answered", "failed", "cancelled"]


@documented
@attrs.frozen(slots=True, kw_only=True)
class Occasion:
    """What an event tells of its call. Holds no header, no parameter and no body, so it may be logged anywhere."""

    vendor: str
    method: str
    template: str
    """Path with placeholders, as in ``/v1/messages/{id}.json``."""
    operation: str | None = None
    """What was called, as in ``threads.hot``; None for ``client.request`` and for what a client asks for by itself, as
    a new token."""
    call_class: str
    call_id: str = ""
    """Random, the same for all events and log records of one call."""
    tags: Mapping[str, str] = attrs.field(factory=dict)
    """Those of the client, see :class:`~nusantara.client.Settings`."""
    status: int | None = None
    """HTTP status, once answered."""
    elapsed: float | None = None
    """Seconds that it took, once over."""
    size: int | None = None
    """Bytes of the answer's body after decompression, once answered."""
    request_id: str | None = None
    """What the vendor calls the request, where its answer says so."""
    sent: Sent = Sent.NO
    """Whether the request has left."""
    error: NusantaraError | None = None
    """Why it failed, if it did."""


@documented
@attrs.frozen(slots=True, kw_only=True)
class Event(Occasion):
    """One attempt of one call."""

    attempt: int
    """1 for the first try."""


@documented
@attrs.frozen(slots=True, kw_only=True)
class CallEvent(Occasion):
    """A whole call, once over. ``elapsed`` spans all of it."""

    attempts: int
    """Tries that were made."""
    queued: float
    """Seconds of waiting for the rate limit and a free connection, of all attempts together."""
    outcome: Outcome


Hook = Callable[[Event], Awaitable[None] | None]
"""A plain function, called in the task of the call, or a coroutine function, run in a task of its own that sees the
context variables of the call. Either runs in the event loop and must not block it."""
CallHook = Callable[[CallEvent], Awaitable[None] | None]
"""The same for whole calls."""
_AnyHook = Callable[[Any], Awaitable[None] | None]


def _hooks(value: Hook | Iterable[Hook]) -> tuple[Hook, ...]:
    return (value,) if callable(value) else tuple(value)


def _call_hooks(value: _AnyHook | Iterable[_AnyHook]) -> tuple[CallHook, ...]:
    return (value,) if callable(value) else tuple(value)


def _watchers(value: Any) -> tuple[Watcher, ...]:
    return tuple(value)


@suggesting
@documented
@attrs.frozen(slots=True, kw_only=True)
class Hooks:
    """Functions to call around each call and each of its attempts. None of them can lose, change or delay an answer
    beyond its time.

    One that raises is reported and passed over. Coroutines of one event run side by side; the call waits for them, five
    seconds at most and never beyond its own timeout. One that takes over five seconds is cancelled and reported. One
    that blocks the event loop cannot be stopped; it is reported with the time that it blocked, from 0.1 s on. Reports
    are warnings of the logger ``nusantara.hooks``; their records have ``hook``, ``vendor``, ``template`` and
    ``seconds``.

    A client takes several, too: ``hooks=[mine, OpenTelemetry()]``.
    """

    before: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """Before an attempt waits for a free connection."""
    after: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """After an answer that ends the call well."""
    error: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    """After an attempt that failed."""
    call: tuple[CallHook, ...] = attrs.field(default=(), converter=_call_hooks)
    """After a call, whatever has become of it: answered, failed or cancelled; once, and last of all. The call waits for
    coroutines as long as its time lasts, and 0.05 s where that is up or where it was cancelled."""
    watchers: tuple[Watcher, ...] = attrs.field(default=(), converter=_watchers, repr=False)
    """What follows each call from within, as :class:`~nusantara.otel.OpenTelemetry` does."""


class Watcher(Protocol):
    """Follows calls from within. What it raises is reported and passed over."""

    def begin(self, call: Occasion) -> None:
        """A call begins. Runs in its task, so that context variables set here hold for all of it."""
        ...

    def sending(self, attempt: Event, base_url: str, path: str) -> Mapping[str, str]:
        """A request leaves; headers to add to it."""
        ...


def combined(value: object) -> Hooks:
    """One for several.

    Raises:
        InvalidParameter: These are none.
    """
    if isinstance(value, Hooks):
        return value
    given = tuple(value) if isinstance(value, Iterable) else (value,)
    for one in given:
        if not isinstance(one, Hooks):
            raise InvalidParameter("hooks", f"must be Hooks, or a list of them, not {type(one).__name__}")
    return Hooks(
        **{
            name: tuple(function for one in given for function in getattr(one, name))
            for name in attrs.fields_dict(Hooks)
        }
    )


HOOK_TIMEOUT = 5.0
BLOCKING = 0.1
LATE_PATIENCE = 0.05
"""Seconds that a call whose time is up still waits for its hooks."""
BLOCKED = "blocked the event loop, and every call with it"

_running: set[asyncio.Task[None]] = set()
"""Hooks that outlast their calls: the loop alone would not keep them alive."""


async def run_hooks(hooks: tuple[Callable[[Any], Any], ...], event: Occasion, *, patience: float | None = None) -> None:
    """Call each, and wait for those that are coroutines. Cancelling the wait does not cancel them.

    Args:
        patience: Seconds that are left of the call's time, where that may be less than hooks are given.
    """
    tasks: dict[asyncio.Task[None], Callable[[Any], Any]] = {}
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
    longest = HOOK_TIMEOUT + BLOCKING
    done, undone = await asyncio.wait(tasks, timeout=longest if patience is None else min(patience, longest))
    seconds = time.perf_counter() - started
    for task in done:
        if task.cancelled():
            _report(tasks[task], event, seconds, "failed: it was cancelled from within")
    if patience is None or patience >= longest:
        for task in undone:
            _report(tasks[task], event, seconds, "ignores its cancellation and is left running")


async def _watch(hook: Callable[[Any], Any], pending: Awaitable[None], event: Occasion) -> None:
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
def _timed(hook: Callable[[Any], Any], pending: Awaitable[None], event: Occasion) -> Generator[Any, Any, None]:
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


def watched(function: Callable[..., T], event: Occasion, *args: Any) -> T | None:
    """Call a function of a watcher, whatever it does."""
    started = time.perf_counter()
    try:
        return function(event, *args)
    except Exception as error:
        _report(function, event, time.perf_counter() - started, f"failed: {error!r}")
        return None
    finally:
        if time.perf_counter() - started >= BLOCKING:
            _report(function, event, time.perf_counter() - started, BLOCKED)


def _report(hook: Callable[[Any], Any], event: Occasion, seconds: float, what: str) -> None:
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
