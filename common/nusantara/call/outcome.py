"""How a call that failed is told: with its history, and named for what it means for this call."""

from __future__ import annotations

from nusantara.call.state import State
from nusantara.call.steps import Fate, fate_of
from nusantara.errors import (
    ApiError,
    BadResponse,
    ClosedClient,
    InvalidParameter,
    NoAnswer,
    NusantaraError,
    OutcomeUnknown,
    Sent,
)
from nusantara.request import CallClass

__all__ = ["told"]


def told(call: State, error: NusantaraError) -> NusantaraError:
    """The error as the caller sees it: ``error``, the one before it, or an OutcomeUnknown that it is the cause of."""
    error = _decisive(call, error)
    if isinstance(error, ApiError) and call.request.call_class is CallClass.UNREPEATABLE and fate_of(error).may_be_done:
        error.hint = error.hint or "it may have been carried out all the same: look before trying again"
    sent = Sent.furthest(attempt.sent for attempt in call.failures) if call.failures else error.sent
    _describe(call, error, sent)
    if not _is_unknown(call, error):
        return error
    unknown = OutcomeUnknown(
        f"it may or may not have been carried out: {error.message}",
        hint="look before trying again: a repeat could do it twice"
        if call.request.call_class is CallClass.UNREPEATABLE
        else error.hint,
    )
    unknown.status, unknown.request_id = error.status, error.request_id
    _describe(call, unknown, sent)
    return unknown


def _is_unknown(call: State, error: NusantaraError) -> bool:
    """Whether the outcome is unknown, and matters."""
    call_class = call.request.call_class
    if call_class is CallClass.SAFE or isinstance(error, OutcomeUnknown):
        return False
    if call_class is CallClass.KEYED and call.may_be_done:
        # A refusal stands if what an attempt before it may have made has been looked for since, and is not there.
        return not (error is call.last and fate_of(error) is Fate.REFUSED and call.looks)
    if isinstance(error, BadResponse) and not error.incomplete:
        return False  # It tells what came.
    return isinstance(error, (NoAnswer, ClosedClient)) and error.sent is not Sent.NO


def _decisive(call: State, error: NusantaraError) -> NusantaraError:
    """The error that the call ends with. If its body could not be made again, that is the one before."""
    last = call.last
    if last is None or last.sent is Sent.NO or not isinstance(error, InvalidParameter):
        return error
    last.hint = f"not tried again: {error.message}"
    return last


def _describe(call: State, error: NusantaraError, sent: Sent) -> None:
    error.method, error.template = call.request.method, call.request.template
    error.attempts = tuple(call.failures)
    error.sent = sent
