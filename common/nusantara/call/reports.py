"""What the log and the hooks hear of a call and its attempts."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from nusantara.call.operation import current_operation
from nusantara.call.trail import Trail
from nusantara.checks import check_headers, with_headers
from nusantara.errors import InvalidParameter, NusantaraError, Sent

if TYPE_CHECKING:
    from nusantara.call.caller import Caller
    from nusantara.call.state import State
    from nusantara.hooks import Outcome
    from nusantara.request import Request
    from nusantara.response import Response

__all__ = ["begin", "log", "sending", "tell", "tell_end"]


def begin(caller: Caller, request: Request, trail: Trail) -> None:
    """Tell those who follow a call from within that it begins."""
    hooks = caller._shared.hooks
    assert hooks is not None
    if hooks.watchers:
        from nusantara.hooks import Occasion, watched

        for watcher in hooks.watchers:
            watched(watcher.begin, Occasion(**_of_call(caller, request, trail)))


def sending(call: State, headers: dict[str, str]) -> dict[str, str]:
    """The headers of an attempt that leaves, with what those who follow it add. They replace none."""
    from nusantara.hooks import watched

    caller, hooks = call.caller, call.caller._shared.hooks
    assert hooks is not None
    event = _event(call)
    for watcher in hooks.watchers:
        path = call.request.template if type(call.request.path) is not str else call.request.path
        more = watched(watcher.sending, event, caller._base_url, path)
        if more:
            try:
                headers = with_headers(check_headers(more), headers)
            except InvalidParameter:
                continue
    return headers


async def tell(
    call: State, hooks: tuple[Any, ...], response: Response | None = None, error: NusantaraError | None = None
) -> None:
    """Run hooks, before an attempt or, with its answer or its error, after it."""
    from nusantara.hooks import LATE_PATIENCE, run_hooks

    over = response is not None or error is not None
    event = _event(call, response, error)
    task = asyncio.current_task()
    assert task is not None
    late, cancelled = call.is_over, task.cancelling()
    try:
        await run_hooks(hooks, event, patience=LATE_PATIENCE if late else None)
    except asyncio.CancelledError:
        # A timeout that ends the wait for a hook does not take away the answer that is here.
        if late or not over or not call.is_over or task.cancelling() > cancelled + 1:
            raise


async def tell_end(
    caller: Caller, request: Request, trail: Trail, outcome: Outcome, failure: Exception | None = None
) -> None:
    """Run the hooks of a whole call, for as long as its time would have lasted, or a moment."""
    hooks = caller._shared.hooks
    if hooks is None or not hooks.call:
        return
    from nusantara.hooks import LATE_PATIENCE, CallEvent, run_hooks

    trail.leave()
    error = failure if isinstance(failure, NusantaraError) else None
    elapsed, total = time.perf_counter() - trail.begun, caller._options.timeout.total
    event = CallEvent(
        **_of_call(caller, request, trail),
        **_end(trail.response, error, trail.sent),
        elapsed=elapsed,
        attempts=trail.attempts,
        queued=trail.queued,
        outcome=outcome,
    )
    left = 0.0 if outcome == "cancelled" else None if total is None else total - elapsed
    await run_hooks(hooks.call, event, patience=None if left is None else max(left, LATE_PATIENCE))


def _event(call: State, response: Response | None = None, error: NusantaraError | None = None) -> Any:
    from nusantara.hooks import Event

    assert call.trail is not None
    over = response is not None or error is not None
    return Event(
        **_of_call(call.caller, call.request, call.trail),
        **_end(response, error),
        attempt=call.number,
        elapsed=time.perf_counter() - call.started if over else None,
    )


def _of_call(caller: Caller, request: Request, trail: Trail) -> dict[str, Any]:
    return {
        "vendor": caller.vendor,
        "method": request.method,
        "template": request.template,
        "operation": trail.operation,
        "call_class": request.call_class,
        "call_id": trail.call_id,
        "tags": caller._shared.tags,
    }


def _end(response: Response | None, error: NusantaraError | None, sent: Sent | None = None) -> dict[str, Any]:
    if error is not None:
        status = error.status
        return {"status": status, "request_id": error.request_id, "sent": error.sent, "error": error}
    if response is None:
        return {} if sent is None else {"sent": sent}
    size, request_id = len(response.body), response.request_id
    return {"status": response.status, "size": size, "request_id": request_id, "sent": Sent.YES}


def log(call: State, level: int, what: str, *, status: int | None, size: int | None = None) -> None:
    logger = call.caller._shared.log
    if not logger.isEnabledFor(level):
        return
    elapsed = time.perf_counter() - call.started
    request = call.request
    if call.trail is None:
        call.trail = Trail(current_operation())
    logger.log(
        level,
        "%s %s %s (attempt %d, %.0f ms)",
        request.method,
        request.template,
        what,
        call.number,
        elapsed * 1000,
        extra={
            **_of_call(call.caller, request, call.trail),
            "call_class": str(request.call_class),
            "attempt": call.number,
            "status": status,
            "size": size,
            "elapsed": elapsed,
        },
    )
