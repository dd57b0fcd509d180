"""The one loop of a call: an attempt, and after a failure whatever :mod:`nusantara.call.steps` says.

An attempt goes this way: the loop and the client are checked, the signer and the hooks are heard, the rate limit is
waited for, a connection slot is taken, the request is signed, sent and read, the answer is judged. One timeout spans
all attempts and what is between them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, TypeVar, overload

from nusantara.answers import note_answer, open_blocks
from nusantara.call.caller import Caller
from nusantara.call.headers import attempt_headers
from nusantara.call.lookup import Lookup
from nusantara.call.operation import current_operation
from nusantara.call.outcome import told
from nusantara.call.reports import begin, log, sending, tell, tell_end
from nusantara.call.state import State
from nusantara.call.steps import SPENT, Again, Give, Look, Renew, Step, fate_of, next_step
from nusantara.call.trail import Trail
from nusantara.errors import AuthFailed, NusantaraError, OutcomeUnknown, Phase, RateLimited, Sent, Timeout
from nusantara.request import Request
from nusantara.response import Response

__all__ = ["carry_out"]

T = TypeVar("T")

FIRST_ATTEMPT = Again()


@overload
async def carry_out(caller: Caller, request: Request, lookup: None = None) -> Response: ...
@overload
async def carry_out(caller: Caller, request: Request, lookup: Lookup[T]) -> T: ...
@overload
async def carry_out(caller: Caller, request: Request, lookup: Lookup[Any] | None, trail: Trail) -> Any: ...
async def carry_out(
    caller: Caller, request: Request, lookup: Lookup[Any] | None = None, trail: Trail | None = None
) -> Any:
    """Make a call: its answer, or with ``lookup`` the result that is in the answer or was found."""
    if trail is None and caller._shared.hooks is not None:
        return await _watched(caller, request, lookup)
    call = State(caller, request, lookup)
    call.trail = trail
    step: Step = FIRST_ATTEMPT
    failure: NusantaraError  # The first step is an attempt, after which there is either an answer or this.
    try:
        while True:
            match step:
                case Again():
                    if step.purse is not None:
                        await _pause(call, step)
                    try:
                        result = await _attempt(call)
                    except NusantaraError as error:
                        failure = error
                    except BaseException:
                        if step.purse is not None and call.sent_now is Sent.NO:
                            step.purse.pay(step.cost)
                        raise
                    else:
                        if call.failures:
                            _refund(call)
                        else:
                            caller._shared.budget.reward(request.template)
                        return result
                    await _failed(call, failure)
                case Look():
                    found = await _look(call, step)
                    if found is not None:
                        _refund(call)
                        return found
                case Renew():
                    await _renew(call, failure)  # pyright: ignore[reportPossiblyUnboundVariable]
                case Give():
                    raise step.error
            step = next_step(call, failure)  # pyright: ignore[reportPossiblyUnboundVariable]
    except NusantaraError as error:
        failure = error
    except asyncio.CancelledError:
        if not call.ran_out():
            raise
        failure = Timeout(Phase.TOTAL, f"not done within {caller._options.timeout.total:g} s")
        if call.is_trying:
            failure.sent = call.sent_now
            await _failed(call, failure)
    finally:
        call.end()
        if trail is not None:
            trail.attempts, trail.sent = call.number, call.furthest
    # How it came here, through retries and aiohttp, tells a user nothing that the error's attempts do not.
    failure.__traceback__ = None
    final = told(call, failure)
    raise final from (failure.__cause__ if final is failure else failure)


async def _watched(caller: Caller, request: Request, lookup: Lookup[Any] | None) -> Any:
    """Make a call whose end hooks hear of."""
    trail = Trail(current_operation())
    begin(caller, request, trail)
    try:
        result = await carry_out(caller, request, lookup, trail)
    except Exception as error:
        await tell_end(caller, request, trail, "failed", error)
        raise
    except asyncio.CancelledError:
        await tell_end(caller, request, trail, "cancelled")
        raise
    await tell_end(caller, request, trail, "answered")
    return result


async def _attempt(call: State) -> Any:
    """One try, from the rate limit to the judgement."""
    caller, request = call.caller, call.request
    shared, options = caller._shared, caller._options
    call.number += 1
    call.exchange = None
    call.started = time.perf_counter()
    opened = shared.host.session.open()
    if options.timeout.total is not None:
        call.begin(opened.deadlines, options.timeout.total)
    if shared.prepare is not None:
        await shared.prepare()  # Not in a slot: it may need one itself.
    if shared.hooks is not None and shared.hooks.before:
        await tell(call, shared.hooks.before)  # Not in a slot: however long it takes, it holds up no other call.
    slots = opened.slots
    if call.trail is not None:
        call.trail.queue()
    if shared.rate_limit is not None:
        await shared.rate_limit.wait(request.template, slots, options.timeout.pool, shared.tenant)
    elif not slots.take_now():
        await slots.take(options.timeout.pool, shared.tenant)
    try:
        if call.trail is not None:
            call.trail.leave()
        signed = shared.signer.sign(request, caller._base_url)
        headers = attempt_headers(caller, request, signed)
        if shared.hooks is not None and shared.hooks.watchers:
            headers = sending(call, headers)
        call.exchange = shared.host.begin(request)
        response = await shared.host.exchange(opened, call.exchange, headers, options)
    finally:
        slots.release()
    if open_blocks:
        elapsed = time.perf_counter() - call.started
        operation = current_operation()
        note_answer(caller.vendor, request.method, request.template, operation, response, call.number, elapsed)
    try:
        caller._judge(request, response)
    except AuthFailed:
        call.refused = signed, response
        raise
    result = response if call.lookup is None else call.lookup.read(response)
    if call.trail is not None:
        call.trail.response = response
    if shared.hooks is not None and shared.hooks.after:
        await tell(call, shared.hooks.after, response)
    if shared.log.isEnabledFor(logging.DEBUG):
        log(call, logging.DEBUG, f"answered {response.status}", status=response.status, size=len(response.body))
    return result


async def _failed(call: State, error: NusantaraError) -> None:
    """Write an attempt down and tell who wants to know."""
    call.write_down(error, may_be_done=fate_of(error).may_be_done)
    log(call, logging.INFO, f"failed: {type(error).__name__}: {error.reason}", status=error.status)
    shared = call.caller._shared
    if (
        shared.rate_limit is not None
        and isinstance(error, RateLimited)
        and error.retry_after
        # A longer wait is the caller's to hear of, call by call, and not to be sat out.
        and error.retry_after <= call.caller._options.max_retry_after
    ):
        shared.rate_limit.pause(call.request.template, error.retry_after)
    if shared.hooks is not None and shared.hooks.error:
        await tell(call, shared.hooks.error, error=error)


async def _pause(call: State, step: Again) -> None:
    """Wait before a repeat, and pay for it.

    Paid after the pause and not before: so the budget bounds the retries that travel, not those that wait, and one that
    is cancelled while it waits has cost nothing.
    """
    assert step.purse is not None
    assert call.last is not None
    await asyncio.sleep(step.pause)
    if not step.purse.spend(step.cost):
        call.last.add_note(SPENT)
        raise call.last
    call.spent.append((step.purse, step.cost))


async def _look(call: State, step: Look) -> Any:
    """What the call has made, None if it is not there. While that cannot be told, nothing may be sent again."""
    assert call.lookup is not None
    if step.pause:
        await asyncio.sleep(step.pause)
    call.looks += 1
    try:
        return await call.lookup.find()
    except NusantaraError as error:
        raise OutcomeUnknown(f"it may or may not have been carried out, and looking for it failed: {error}") from error


async def _renew(call: State, failure: NusantaraError) -> None:
    """Ask the signer for other credentials; where no attempt is left, tell it for the good of the next call."""
    assert call.refused is not None
    refused, call.refused = call.refused, None
    shared = call.caller._shared
    try:
        if call.number >= call.caller._options.max_attempts:
            note = getattr(shared.signer, "refused", None)
            if note is not None:
                note(*refused)
        elif shared.renew is not None:
            call.renewed = True
            call.has_others = await shared.renew(*refused)
    except NusantaraError as problem:
        failure.__cause__ = problem
        failure.hint = failure.hint or problem.hint


def _refund(call: State) -> None:
    """The call has succeeded in the end, which pays back what its repeats have cost."""
    for purse, cost in call.spent:
        purse.pay(cost)
