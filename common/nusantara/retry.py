"""What may be tried again, when, and how often.

The rule, in full: a call of which not one byte left may be tried again, whatever it is. A call that left and got no
whole answer may be tried again unless it is unrepeatable. An answer of 429 is a refusal, so any call may follow it;
500, 502, 503, 504 and 408 may be tried again unless the call is unrepeatable. Everything else stands.
"""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import TYPE_CHECKING, TypeVar

from nusantara.errors import (
    ApiError,
    BadResponse,
    ConnectFailed,
    ConnectionLost,
    NusantaraError,
    Phase,
    RateLimited,
    Sent,
    Timeout,
)
from nusantara.request import CallClass

if TYPE_CHECKING:
    from tenacity import RetryCallState

__all__ = ["Budget", "may_repeat", "parse_retry_after", "retry"]

T = TypeVar("T")

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
REPEATABLE_STATUSES = frozenset({408, 500, 502, 503, 504})


class Budget:
    """What keeps a dead server from being stormed: retries spend from it, successes pay into it.

    A retry costs 5, after a timeout 10. A call that succeeds at once pays 1, one that succeeds after retries pays back
    what they cost. When it is empty, failures are final.
    """

    __slots__ = ("capacity", "left")

    def __init__(self, capacity: int = 100) -> None:
        self.capacity = capacity
        self.left = capacity

    def spend(self, cost: int) -> bool:
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def pay(self, amount: int) -> None:
        self.left = min(self.left + amount, self.capacity)


def may_repeat(call_class: CallClass, error: BaseException, max_retry_after: float) -> bool:
    """Whether the rule above allows another attempt after this error."""
    if isinstance(error, ApiError):
        if error.retry_after is not None and error.retry_after > max_retry_after:
            return False
        if isinstance(error, RateLimited):
            return True
        return error.status in REPEATABLE_STATUSES and call_class is not CallClass.UNREPEATABLE
    if isinstance(error, ConnectFailed):
        return not error.permanent
    if isinstance(error, Timeout):
        if error.phase is Phase.POOL:
            return False  # It has waited its time in a queue that is full of our own calls.
    elif isinstance(error, BadResponse):
        if not error.incomplete:
            return False
    elif not isinstance(error, ConnectionLost):
        return False
    return error.sent is Sent.NO or call_class is not CallClass.UNREPEATABLE


async def retry(
    first: NusantaraError,
    again: Callable[[], Awaitable[T]],
    *,
    call_class: CallClass,
    max_attempts: int,
    max_retry_after: float,
    seconds_left: float,
    budget: Budget,
) -> T:
    """Take over after the first attempt has failed with ``first``.

    Separate from the first attempt so that a call that succeeds at once never pays for tenacity, neither its import
    nor its run.
    """
    import asyncio

    import tenacity

    exponential = tenacity.wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)
    spent = 0

    def pause(state: RetryCallState) -> float:
        asked = getattr(_error(state), "retry_after", None)
        return exponential(state) if asked is None else asked

    def budget_is_empty(state: RetryCallState) -> bool:
        nonlocal spent
        cost = 10 if isinstance(_error(state), Timeout) else 5
        if not budget.spend(cost):
            _error(state).add_note("Not tried again: the retry budget is spent, the server seems to be down.")
            return True
        spent += cost
        return False

    def too_late(state: RetryCallState) -> bool:
        if (state.seconds_since_start or 0.0) + state.upcoming_sleep < seconds_left:
            return False
        _error(state).add_note(f"Not tried again: the pause of {state.upcoming_sleep:.1f} s would outlast the timeout.")
        return True

    enough = tenacity.stop_after_attempt(max_attempts)

    def stop(state: RetryCallState) -> bool:
        # The budget comes last: it is charged only for a retry that nothing else forbids.
        return enough(state) or too_late(state) or budget_is_empty(state)

    retrying = tenacity.AsyncRetrying(
        sleep=asyncio.sleep,
        retry=tenacity.retry_if_exception(lambda error: may_repeat(call_class, error, max_retry_after)),
        wait=pause,
        stop=stop,
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            if attempt.retry_state.attempt_number == 1:
                raise first
            result = await again()
    budget.pay(spent)
    return result


def _error(state: RetryCallState) -> BaseException:
    assert state.outcome is not None
    error = state.outcome.exception()
    assert error is not None
    return error


_SECONDS = re.compile(r"\d{1,9}(\.\d{0,9})?").fullmatch


def parse_retry_after(value: str | None, *, date: str | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, or None if it makes no sense. Never raises.

    Args:
        value: Seconds, with or without a fraction, or an HTTP date (RFC 9110 section 10.2.3).
        date: The server's ``Date`` header, so that an HTTP date is judged by the server's own clock.
    """
    if value is None:
        return None
    value = value.strip()
    if _SECONDS(value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(date) if date else None
    return max(until - (time.time() if now is None else now), 0.0)


def _http_date(text: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        # "-0000" means UTC whose zone is not told; the parser leaves such a date without one.
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if math.isfinite(seconds) else None
