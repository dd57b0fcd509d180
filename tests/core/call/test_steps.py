"""When a call is tried again, and how long it waits."""

from __future__ import annotations

import asyncio
import email.utils
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.call import steps as retry_module
from nusantara.call.steps import Budget, least_time, may_repeat, parse_retry_after, retry
from nusantara.errors import (
    ApiError,
    BadResponse,
    ConnectFailed,
    ConnectionLost,
    NusantaraError,
    Phase,
    RateLimited,
    Sent,
    ServerError,
    Timeout,
)
from nusantara.options import Timeouts
from nusantara.request import CallClass


def sent(error: NusantaraError, how: Sent) -> NusantaraError:
    error.sent = how
    return error


def with_status(error: ApiError, status: int) -> ApiError:
    error.status = status
    return error


def cut() -> BadResponse:
    error = BadResponse("cut")
    error.incomplete = True
    return error


EVERY = set(CallClass)
HARMLESS = EVERY - {CallClass.UNREPEATABLE}

RULE = [
    ("refused connection", ConnectFailed("x"), EVERY),
    ("connect timeout", sent(Timeout(Phase.CONNECT, "x"), Sent.NO), EVERY),
    ("pool timeout", sent(Timeout(Phase.POOL, "x"), Sent.NO), set()),
    ("lost after sending", sent(ConnectionLost("x"), Sent.MAYBE), HARMLESS),
    ("first byte timeout", sent(Timeout(Phase.FIRST_BYTE, "x"), Sent.MAYBE), HARMLESS),
    ("cut body", sent(cut(), Sent.YES), HARMLESS),
    ("whole but useless body", sent(BadResponse("x"), Sent.YES), set()),
    ("429", with_status(RateLimited("x"), 429), EVERY),
    ("503", with_status(ServerError("x"), 503), HARMLESS),
    ("501", with_status(ServerError("x"), 501), set()),
    ("400", with_status(ApiError("x"), 400), set()),
    ("refusal in a 200", with_status(ApiError("x"), 200), set()),
]


@pytest.mark.parametrize("call_class", list(CallClass))
@pytest.mark.parametrize(("error", "allowed"), [row[1:] for row in RULE], ids=[row[0] for row in RULE])
def test_the_rule(error: NusantaraError, allowed: set[CallClass], call_class: CallClass) -> None:
    assert may_repeat(call_class, error, 60) is (call_class in allowed)


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    error = ConnectFailed("x")
    error.permanent = True
    assert not may_repeat(CallClass.SAFE, error, 60)


def test_a_longer_wait_than_allowed_ends_the_call_at_once() -> None:
    error = RateLimited("x")
    error.status, error.retry_after = 429, 61.0
    assert not may_repeat(CallClass.SAFE, error, 60)
    assert may_repeat(CallClass.SAFE, error, 61)


@given(st.text() | st.none(), st.text() | st.none())
def test_no_retry_after_header_does_harm(value: str | None, date: str | None) -> None:
    seconds = parse_retry_after(value, date=date)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("-5", None),
        ("30,120", None),
        ("1" + "0" * 400, None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 -0000", 0.0),
    ],
)
def test_retry_after_spellings(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_a_date_is_judged_by_the_servers_clock() -> None:
    theirs = time.time() + 86_400
    date = email.utils.formatdate(theirs, usegmt=True)
    until = email.utils.formatdate(theirs + 20, usegmt=True)
    assert parse_retry_after(until, date=date) == 20.0


def test_a_date_in_the_year_9999_is_a_long_finite_wait() -> None:
    seconds = parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT")
    assert seconds is not None
    assert seconds > 60


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Makes pauses pass at once and notes them."""
    noted: list[float] = []

    async def sleep(seconds: float) -> None:
        noted.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return noted


class Scripted:
    """Fails with each error in turn, then succeeds."""

    def __init__(self, *errors: NusantaraError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


async def run(
    first: NusantaraError,
    again: Scripted,
    *,
    attempts: int = 3,
    left: float = math.inf,
    budget: Budget | None = None,
    call_class: CallClass = CallClass.SAFE,
) -> str:
    return await retry(
        first,
        again,
        call_class=call_class,
        max_attempts=attempts,
        max_retry_after=60,
        seconds_left=left,
        budget=budget or Budget(),
    )


async def test_the_first_failure_counts_as_an_attempt(pauses: list[float]) -> None:
    again = Scripted(ConnectFailed("b"), ConnectFailed("c"), ConnectFailed("d"))
    with pytest.raises(ConnectFailed, match="c"):
        await run(ConnectFailed("a"), again)
    assert again.calls == 2
    assert len(pauses) == 2


async def test_pauses_are_full_jitter_between_nothing_and_a_doubling_bound(pauses: list[float]) -> None:
    for _ in range(200):
        await run(ConnectFailed("a"), Scripted(*[ConnectFailed("b")] * 6), attempts=8, budget=Budget(10_000))
    by_attempt = [pauses[number::7] for number in range(7)]
    bounds = [min(retry_module.FIRST_PAUSE * 2**number, retry_module.LONGEST_PAUSE) for number in range(7)]
    for noted, bound in zip(by_attempt, bounds, strict=True):
        assert max(noted) <= bound
        assert max(noted) > bound * 0.8
        assert min(noted) < bound * 0.2


async def test_the_wait_that_a_server_asks_for_is_kept(pauses: list[float]) -> None:
    error = RateLimited("x")
    error.status, error.retry_after = 429, 7.0
    assert await run(error, Scripted(), call_class=CallClass.UNREPEATABLE) == "done"
    assert pauses == [7.0]


async def test_no_attempt_starts_that_would_outlast_the_deadline(pauses: list[float]) -> None:
    error = RateLimited("x")
    error.status, error.retry_after = 429, 7.0
    again = Scripted()
    with pytest.raises(RateLimited) as caught:
        await run(error, again, left=5.0)
    assert (again.calls, pauses) == (0, [])
    assert "no time for it" in caught.value.__notes__[0]


async def test_a_spent_budget_makes_failures_final(pauses: list[float]) -> None:
    budget = Budget()
    retried = 0
    for _ in range(100):
        again = Scripted(ConnectFailed("b"), ConnectFailed("c"))
        with pytest.raises(ConnectFailed):
            await run(ConnectFailed("a"), again, budget=budget)
        retried += again.calls
    assert retried == 20
    assert budget.left == 0


async def test_a_retry_after_a_timeout_costs_double_and_success_pays_it_back(pauses: list[float]) -> None:
    budget = Budget()
    slow = sent(Timeout(Phase.FIRST_BYTE, "x"), Sent.MAYBE)
    with pytest.raises(Timeout):
        await run(slow, Scripted(slow), attempts=2, budget=budget)
    assert budget.left == 90
    await run(slow, Scripted(), budget=budget)
    assert budget.left == 90
    budget.pay(1_000)
    assert budget.left == 100


async def test_an_error_that_may_not_be_repeated_stops_the_retries(pauses: list[float]) -> None:
    again = Scripted(ApiError("no"), ConnectFailed("never reached"))
    with pytest.raises(ApiError, match="no"):
        await run(ConnectFailed("a"), again, attempts=5)
    assert again.calls == 1


async def test_retries_of_a_throttled_operation_have_a_purse_of_their_own(pauses: list[float]) -> None:
    budget = Budget()
    refusal = with_status(RateLimited("x"), 429)
    for _ in range(30):
        with pytest.raises(RateLimited):
            await run(refusal, Scripted(refusal, refusal), budget=budget)
    assert budget.left == 100
    assert budget.purse("").left == 0
    for _ in range(100):
        budget.calmed("")
    assert budget.purses == {}


async def test_a_retry_is_paid_when_it_travels(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget()

    async def cancelled(seconds: float) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", cancelled)
    with pytest.raises(asyncio.CancelledError):
        await run(ConnectFailed("a"), Scripted(), budget=budget)
    assert budget.left == 100


@pytest.mark.parametrize(("travelled", "left"), [(True, 95), (False, 100)])
async def test_a_retry_cancelled_before_it_travels_costs_nothing(
    pauses: list[float], travelled: bool, left: int
) -> None:
    budget = Budget()

    async def again() -> str:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await retry(
            ConnectFailed("a"),
            again,
            call_class=CallClass.SAFE,
            max_attempts=3,
            max_retry_after=60,
            seconds_left=math.inf,
            budget=budget,
            travelled=lambda: travelled,
        )
    assert budget.left == left


@pytest.mark.parametrize(
    ("total", "connect", "least"), [(60.0, 5.0, 11.0), (5.0, 5.0, 1.0), (5.0, None, 1.0), (None, 5.0, 0.0)]
)
def test_another_attempt_needs_time_to_connect_and_a_tenth_of_the_whole(
    total: float | None, connect: float | None, least: float
) -> None:
    assert least_time(Timeouts(total=total, connect=connect)) == pytest.approx(least)
