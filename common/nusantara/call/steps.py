"""What is done after an attempt has failed: the rule, in full. Nothing here waits, sends or spends.

Two questions decide. What may have become of the request (:func:`fate_of`): that tells which calls a repeat could harm.
And whether the trouble may pass by itself (:func:`may_pass`). From both, and from what the call has left of attempts,
time and budget, :func:`next_step` makes the next step. ``FAULTS.md`` has the same as a table for readers.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import attrs

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
    from nusantara.call.budget import Budget
    from nusantara.call.state import State
    from nusantara.options import Timeouts

__all__ = [
    "Again",
    "Fate",
    "Give",
    "Look",
    "Renew",
    "Step",
    "fate_of",
    "least_time",
    "looking_pauses",
    "may_pass",
    "next_step",
]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
SPENT = "Not tried again: the retry budget is spent, too many calls have failed lately."


# --- What may have become of a request


class Fate(enum.Enum):
    """What may have become of a request after an attempt that failed."""

    UNSENT = "unsent"
    """Not one byte left."""
    REFUSED = "refused"
    """It was answered with a refusal that comes before anything is carried out."""
    CUT = "cut"
    """Its connection ended. The server may have carried it out, or do so a little later."""
    OPEN = "open"
    """Nobody can tell: something on the way may hold it still, and the server carry it out at any time."""

    @property
    def may_be_done(self) -> bool:
        return self in (Fate.CUT, Fate.OPEN)


REFUSALS = frozenset({*range(400, 406), 407, *range(410, 419), 421, 422, 425, 426, 428, 429, 431, 451})
"""Statuses that by RFC 9110 (and 6585, 7725, 8470) say that the request was not acted upon, whoever on the way says so.

Not among them are 408 and the unregistered 499, which proxies also send when the server behind them was too slow; 409,
which the server gives to a repeat that a proxy has made of a request already carried out; and 406, 423, 424 and every
unregistered one, of which nothing is known.
"""
PASSING_STATUSES = frozenset({408, 500, 502, 503, 504})


def fate_of(error: NusantaraError) -> Fate:
    """What may have become of the request of an attempt that ended with this error."""
    if error.sent is Sent.NO:
        return Fate.UNSENT
    if isinstance(error, ApiError):
        said_no = isinstance(error, (AuthFailed, RateLimited)) or error.status is None or error.status < 300
        return Fate.REFUSED if said_no or error.status in REFUSALS else Fate.OPEN
    if isinstance(error, ConnectionLost) or (isinstance(error, BadResponse) and error.incomplete):
        return Fate.CUT
    return Fate.OPEN


REPEATED_AFTER: dict[CallClass, frozenset[Fate]] = {
    CallClass.SAFE: frozenset(Fate),
    CallClass.REPEATABLE: frozenset(Fate),
    CallClass.KEYED: frozenset({Fate.UNSENT, Fate.REFUSED, Fate.CUT}),
    CallClass.UNREPEATABLE: frozenset({Fate.UNSENT, Fate.REFUSED}),
}
"""After which fates a call may be sent again. A keyed one is looked for first."""


def may_pass(error: NusantaraError, max_retry_after: float) -> bool:
    """Whether the trouble may be over at the next attempt, and before the caller's patience."""
    # Only the error of another call, made on the way, has its attempts written into it by now. That call has been
    # tried as often as it may be.
    if isinstance(error, AuthFailed) or error.attempts:
        return False
    if isinstance(error, ApiError):
        passing = isinstance(error, RateLimited) or error.status in PASSING_STATUSES
        return passing and (error.retry_after is None or error.retry_after <= max_retry_after)
    if isinstance(error, ConnectFailed):
        return not error.permanent
    if isinstance(error, Timeout):
        return error.phase is not Phase.POOL  # It has waited its time in a queue that is full of our own calls.
    if isinstance(error, BadResponse):
        return error.incomplete
    return isinstance(error, ConnectionLost)


# --- What is done


@attrs.frozen(slots=True)
class Again:
    """Make another attempt."""

    pause: float = 0.0
    """Seconds to wait before."""
    purse: Budget | None = None
    """Pays for it, after the pause; None for one that is free."""
    cost: int = 0


@attrs.frozen(slots=True)
class Look:
    """Look for what a keyed call makes."""

    pause: float
    """Seconds to wait before."""


@attrs.frozen(slots=True)
class Renew:
    """Let the signer hear that its credentials were refused."""


@attrs.frozen(slots=True)
class Give:
    """Give the caller this error."""

    error: NusantaraError


Step = Again | Look | Renew | Give


def next_step(call: State, error: NusantaraError) -> Step:
    """What to do after the latest attempt has failed with ``error``; asked anew when that has brought nothing."""
    options = call.caller._options
    if call.is_over:
        return Give(error)
    # One attempt is one request: with it, nothing is looked for.
    if call.lookup is not None and call.may_be_done and options.max_attempts > 1:
        pauses = looking_pauses(call.lookup.settling_time) if fate_of(error).may_be_done else (0.0,)
        if call.looks < len(pauses):
            pause = pauses[call.looks]
            return Look(pause) if pause < call.seconds_left else Give(error)
        if not call.lookup.may_send_again:
            return Give(error)
    if call.refused is not None and not call.renewed:
        return Renew()
    if call.number >= options.max_attempts:
        return Give(error)
    if call.has_others:
        return Again()
    if not may_pass(error, options.max_retry_after) or fate_of(error) not in REPEATED_AFTER[call.request.call_class]:
        return Give(error)
    if isinstance(error, ConnectionLost) and error.kept and call.number == 1:
        # The server closed a connection that was idle, which says nothing of its health: no pause, at no cost.
        return Again()
    return _paid_for(call, error)


def _paid_for(call: State, error: NusantaraError) -> Again | Give:
    """Another attempt after a pause, if time and budget allow it."""
    asked = error.retry_after if isinstance(error, ApiError) else None
    pause = asked or _backoff(len(call.spent))  # To be told "now" by one that has just refused is no advice.
    if pause >= call.seconds_left - least_time(call.caller._options.timeout):
        error.add_note(f"Not tried again: after the pause of {pause:.1f} s the timeout would leave no time for it.")
        return Give(error)
    budget = call.caller._shared.budget
    purse = budget.purse(call.request.template) if isinstance(error, RateLimited) else budget
    cost = 10 if isinstance(error, Timeout) else 5
    if cost > purse.left:
        error.add_note(SPENT)
        return Give(error)
    return Again(pause, purse, cost)


def _backoff(before: int) -> float:
    """A random pause whose bound doubles with each of the pauses before it.

    tenacity is loaded here, so that a call that succeeds at once does not pay for it.
    """
    try:
        import tenacity
    except OSError:  # There is no descriptor left to load it with.
        return float(min(FIRST_PAUSE * 2**before, LONGEST_PAUSE))
    moment = tenacity.RetryCallState(tenacity.AsyncRetrying(), None, (), {})
    moment.attempt_number = before + 1
    return tenacity.wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)(moment)


def looking_pauses(settling_time: float) -> tuple[float, ...]:
    """The pauses before each look for what may have been carried out: at once, and ever rarer till the time is over."""
    if not settling_time:
        return (0.0,)
    return (0.0, *(settling_time * part / 15 for part in (1, 2, 4, 8)))


def least_time(timeouts: Timeouts) -> float:
    """Seconds of the total that must be left for another attempt to be worth a request.

    Time to connect, and a tenth of the total for the answer. Where the total is short, a tenth must do for connecting.
    """
    tenth = (timeouts.total or 0.0) / 10
    return tenth + (tenth if timeouts.connect is None else min(timeouts.connect, tenth))
