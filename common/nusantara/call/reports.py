"""What the log and the hooks hear of an attempt."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nusantara.call.state import State
    from nusantara.errors import NusantaraError
    from nusantara.response import Response

__all__ = ["log", "tell"]


async def tell(
    call: State, hooks: tuple[Any, ...], response: Response | None = None, error: NusantaraError | None = None
) -> None:
    """Run hooks, before an attempt or, with its answer or its error, after it."""
    from nusantara.hooks import Event, run_hooks

    over = response is not None or error is not None
    event = Event(
        vendor=call.caller.vendor,
        method=call.request.method,
        template=call.request.template,
        call_class=call.request.call_class,
        attempt=call.number,
        status=response.status if response is not None else error.status if error is not None else None,
        elapsed=time.perf_counter() - call.started if over else None,
        size=len(response.body) if response is not None else None,
        error=error,
    )
    task = asyncio.current_task()
    assert task is not None
    late, cancelled = call.is_over, task.cancelling()
    try:
        await run_hooks(hooks, event, late=late)
    except asyncio.CancelledError:
        # A timeout that ends the wait for a hook does not take away the answer that is here.
        if late or not over or not call.is_over or task.cancelling() > cancelled + 1:
            raise


def log(call: State, level: int, what: str, *, status: int | None, size: int | None = None) -> None:
    logger = call.caller._shared.log
    if not logger.isEnabledFor(level):
        return
    elapsed = time.perf_counter() - call.started
    request = call.request
    logger.log(
        level,
        "%s %s %s (attempt %d, %.0f ms)",
        request.method,
        request.template,
        what,
        call.number,
        elapsed * 1000,
        extra={
            "vendor": call.caller.vendor,
            "method": request.method,
            "template": request.template,
            "call_class": str(request.call_class),
            "attempt": call.number,
            "status": status,
            "size": size,
            "elapsed": elapsed,
        },
    )
