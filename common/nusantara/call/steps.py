"""What may be tried again, when, and how often.

The rule, in full: a call of which not one byte left may be tried again, whatever it is. A call that left and got no
whole answer may be tried again unless it is unrepeatable. An answer of 429 is a refusal, so any call may follow it;
500, 502, 503, 504 and 408 may be tried again unless the call is unrepeatable. Everything else stands, and so does what
kept a call from getting its credentials: the request for those has been tried as often as it may be.

No attempt begins with hardly any time left (:func:`least_time`) or with the :class:`Budget` spent: the last error is
then the call's, at once.
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
    AuthFailed,
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

    from nusantara.options import Timeouts

__all__ = ["Budget", "least_time", "may_repeat", "parse_retry_after", "retry"]

T = TypeVar("T")

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
MOST_PURSES = 1_000
SPENT = "Not tried again: the retry budget is spent, too many calls have failed lately."
REPEATABLE_STATUSES = frozenset({408, 500, 502, 503, 504})


class Budget:
    """What keeps a dead server from being stormed: retries spend from it, successes pay into it.

    A retry costs 5, after a timeout 10. A call that succeeds at once pays 1, one that succeeds after retries pays back
    what they cost. When it is empty, failures are final.

    Retries after a 429 spend from a purse of their operation, of the same size and by the same rules: an operation
    that is throttled for ever leaves the budget of all others alone.
    """

    __slots__ = ("capacity", "left", "purses")

    def __init__(self, capacity: int = 100) -> None:
        self.capacity = capacity
        self.left = capacity
        self.purses: dict[str, Budget] = {}
        """By operation; a full one is dropped."""

    def spend(self, cost: int) -> bool:
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def pay(self, amount: int) -> None:
        self.left = min(self.left + amount, self.capacity)

    def purse(self, operation: str) -> Budget:
        """What retries of this operation after a 429 spend from."""
        purse = self.purses.get(operation)
        if purse is None:
            if len(self.purses) >= MOST_PURSES:
                return self
            purse = self.purses[operation] = Budget(self.capacity)
        return purse

    def calmed(self, operation: str) -> None:
        """A call of this operation succeeded: pay 1 into its purse."""
        purse = self.purses.get(operation)
        if purse is not None:
            purse.pay(1)
            if purse.left == purse.capacity:
                del self.purses[operation]


def may_repeat(call_class: CallClass, error: BaseException, max_retry_after: float) -> bool:
    """Whether the rule above allows another attempt after this error."""
    # Only the error of another call, made on the way, has its attempts written into it by now.
    if isinstance(error, AuthFailed) or (isinstance(error, NusantaraError) and error.attempts):
        return False
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
    operation: str = "",
    travelled: Callable[[], bool] = lambda: True,
) -> T:
    """Take over after the first attempt has failed with ``first``.

    Separate from the first attempt so that a call that succeeds at once never pays for tenacity, neither its import
    nor its run.

    Args:
        seconds_left: Until when another attempt may begin.
        operation: Whose purse pays for what follows a 429.
        travelled: Whether the latest attempt has reached the network; one that is cancelled before costs nothing.
    """
    import asyncio

    import tenacity

    exponential = tenacity.wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)
    spent: list[tuple[Budget, int]] = []

    def pause(state: RetryCallState) -> float:
        asked = getattr(_error(state), "retry_after", None)
        return asked or exponential(state)  # To be told "now" by one that has just refused is no advice.

    def price(error: BaseException) -> tuple[Budget, int]:
        if isinstance(error, RateLimited):
            return budget.purse(operation), 5
        return budget, 10 if isinstance(error, Timeout) else 5

    def too_late(state: RetryCallState) -> bool:
        if (state.seconds_since_start or 0.0) + state.upcoming_sleep < seconds_left:
            return False
        _error(state).add_note(
            f"Not tried again: after the pause of {state.upcoming_sleep:.1f} s the timeout would leave no time for it."
        )
        return True

    def too_dear(state: RetryCallState) -> bool:
        error = _error(state)
        purse, cost = price(error)
        if cost <= purse.left:
            return False
        error.add_note(SPENT)
        return True

    enough = tenacity.stop_after_attempt(max_attempts)

    def stop(state: RetryCallState) -> bool:
        return enough(state) or too_late(state) or too_dear(state)

    retrying = tenacity.AsyncRetrying(
        sleep=asyncio.sleep,
        retry=tenacity.retry_if_exception(lambda error: may_repeat(call_class, error, max_retry_after)),
        wait=pause,
        stop=stop,
        reraise=True,
    )
    last: NusantaraError = first
    async for attempt in retrying:
        if attempt.retry_state.attempt_number > 1:
            # Paid after the pause and not before: so the budget bounds the retries that travel, not those that wait,
            # and one that is cancelled while it waits has cost nothing.
            purse, cost = price(last)
            if not purse.spend(cost):
                last.add_note(SPENT)
                raise last
            spent.append((purse, cost))
        with attempt:
            if attempt.retry_state.attempt_number == 1:
                raise first
            try:
                result = await again()
            except NusantaraError as error:
                last = error
                raise
            except BaseException:
                if not travelled():
                    purse.pay(cost)
                raise
    for purse, cost in spent:
        purse.pay(cost)
    return result


def least_time(timeouts: Timeouts) -> float:
    """Seconds of the total that must be left for another attempt to be worth a request.

    Time to connect, and a tenth of the total for the answer. Where the total is short, a tenth must do for connecting.
    """
    tenth = (timeouts.total or 0.0) / 10
    return tenth + (tenth if timeouts.connect is None else min(timeouts.connect, tenth))


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
