"""What a program can watch: every attempt before it leaves, after it is answered, when it fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

import attrs

from nusantara.errors import NusantaraError

__all__ = ["Event", "Hook", "Hooks"]

log = logging.getLogger("nusantara.hooks")


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
"""A plain function or a coroutine function. It runs in the call's own task and should be quick."""


def _hooks(value: Hook | Iterable[Hook]) -> tuple[Hook, ...]:
    return (value,) if callable(value) else tuple(value)


@attrs.frozen(slots=True, kw_only=True)
class Hooks:
    """Functions to call around each attempt. One that raises or takes over five seconds is logged and passed over."""

    before: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    after: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)
    error: tuple[Hook, ...] = attrs.field(default=(), converter=_hooks)


HOOK_TIMEOUT = 5.0


async def run_hooks(hooks: tuple[Hook, ...], event: Event) -> None:
    """Call each; none of them can lose or change the answer."""
    for hook in hooks:
        try:
            pending = hook(event)
            if pending is not None:
                async with asyncio.timeout(HOOK_TIMEOUT):
                    await pending
        except Exception as error:
            log.warning("hook %r failed: %r", getattr(hook, "__qualname__", hook), error)
