"""What is done after a failed attempt, as a table, and as FAULTS.md tells it."""

from __future__ import annotations

import errno
import importlib.abc
import math
import os
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nusantara.call import steps
from nusantara.call.budget import Budget
from nusantara.call.lookup import Lookup
from nusantara.call.state import State
from nusantara.call.steps import Again, Fate, Give, Look, Renew, fate_of, least_time, looking_pauses, next_step
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadRequest,
    BadResponse,
    ClosedClient,
    ConnectFailed,
    ConnectionLost,
    NusantaraError,
    Phase,
    RateLimited,
    Sent,
    ServerError,
    Timeout,
    UnsafeRedirect,
)
from nusantara.options import Options, Timeouts
from nusantara.request import CallClass, post

FAULTS = Path(steps.__file__).parents[1] / "FAULTS.md"


def sent(error: NusantaraError, how: Sent = Sent.MAYBE) -> NusantaraError:
    error.sent = how
    return error


def answered(status: int, kind: type[ApiError] = ApiError, retry_after: float | None = None) -> ApiError:
    error = kind("x")
    error.status, error.retry_after = status, retry_after
    return error


def cut() -> NusantaraError:
    error = BadResponse("cut")
    error.incomplete = True
    return sent(error, Sent.YES)


def untrusted() -> NusantaraError:
    error = ConnectFailed("x")
    error.permanent = True
    return error


def kept() -> ConnectionLost:
    error = ConnectionLost("x")
    error.sent, error.kept = Sent.MAYBE, True
    return error


def of_another_call() -> NusantaraError:
    error = ConnectionLost("x")
    error.attempts = (SimpleNamespace(),)  # type: ignore[assignment]
    return error


def call(
    call_class: CallClass = CallClass.SAFE,
    *,
    number: int = 1,
    attempts: int = 3,
    budget: Budget | None = None,
    seconds_left: float = math.inf,
    settling_time: float = 5.0,
    may_send_again: bool = True,
) -> Any:
    """A call after ``number`` attempts."""

    class Timed(State):
        __slots__ = ()

        @property
        def seconds_left(self) -> float:
            return seconds_left

    async def find() -> None: ...

    keyed = Lookup[Any](read=repr, find=find, settling_time=settling_time, may_send_again=may_send_again)
    caller: Any = SimpleNamespace(
        _options=Options(timeout=Timeouts(total=None), max_attempts=attempts),
        _shared=SimpleNamespace(budget=budget or Budget()),
    )
    made = Timed(caller, post("/a", call_class=call_class), keyed if call_class is CallClass.KEYED else None)
    made.number = number
    return made


def steps_after(made: Any, error: NusantaraError) -> list[Any]:
    """All steps until the next attempt or the end, if nothing is found and no other credentials are got."""
    made.write_down(error, may_be_done=fate_of(error).may_be_done)
    taken: list[Any] = []
    while True:
        step = next_step(made, error)
        taken.append(step)
        match step:
            case Look():
                made.looks += 1
            case Renew():
                made.refused, made.renewed = None, True
            case _:
                return taken


def words(taken: list[Any]) -> str:
    """``look, again`` and the like; looks that follow each other are one."""
    names = [type(step).__name__.lower() for step in taken]
    return ", ".join(name for place, name in enumerate(names) if names[place - 1 : place] != [name])


# --- The table of FAULTS.md

COLUMNS: list[list[NusantaraError]] = [
    [ConnectFailed("x"), sent(Timeout(Phase.CONNECT, "x"), Sent.NO)],
    [sent(ConnectionLost("x")), cut()],
    [
        sent(Timeout(Phase.FIRST_BYTE, "x")),
        sent(Timeout(Phase.IDLE_READ, "x")),
        sent(Timeout(Phase.IDLE_WRITE, "x")),
        answered(408, BadRequest),
        *(answered(status, ServerError) for status in (500, 502, 503, 504)),
    ],
    [answered(429, RateLimited), answered(200, RateLimited)],
]
MEANS = {
    "we try again": "again",
    "we wait and try again": "again",
    "we look for it, then try again": "look, again",
    "we look for it and **do not**: `OutcomeUnknown`": "look, give",
    "**we do not**: `OutcomeUnknown`": "give",
}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = FAULTS.read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_class_of_calls_has_its_row() -> None:
    assert {row[0].split()[0] for row in rows("Who tries again")} == set(CallClass)


@pytest.mark.parametrize("row", rows("Who tries again"), ids=lambda row: row[0].split()[0])
def test_what_faults_says_is_done(row: list[str]) -> None:
    for cell, errors in zip(row[1:], COLUMNS, strict=True):
        for error in errors:
            assert words(steps_after(call(CallClass(row[0].split()[0])), error)) == MEANS[cell], (cell, error)


def test_faults_lists_the_statuses_that_say_that_nothing_was_done() -> None:
    [cell] = [row[0] for row in rows("What you see") if row[0].startswith("the vendor says no")]
    listed: set[int] = set()
    for first, last in re.findall(r"\b(4\d\d)\b(?: to (4\d\d))?", cell):
        listed.update(range(int(first), int(last or first) + 1))
    assert listed == steps.REFUSALS


# --- What may have become of a request


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (ConnectFailed("x"), Fate.UNSENT),
        (sent(Timeout(Phase.POOL, "x"), Sent.NO), Fate.UNSENT),
        (sent(AuthFailed("of the token endpoint"), Sent.NO), Fate.UNSENT),
        *((answered(status, ApiError), Fate.REFUSED) for status in (200, 299)),
        (answered(300, ApiError), Fate.OPEN),
        (answered(400, BadRequest), Fate.REFUSED),
        (answered(400, AuthFailed), Fate.REFUSED),
        *((answered(status, RateLimited), Fate.REFUSED) for status in (429, 503)),
        (answered(500, AuthFailed), Fate.REFUSED),
        (sent(ConnectionLost("x")), Fate.CUT),
        (cut(), Fate.CUT),
        (sent(Timeout(Phase.TOTAL, "x")), Fate.OPEN),
        (sent(ClosedClient("x")), Fate.OPEN),
        (sent(BadResponse("a page"), Sent.YES), Fate.OPEN),
        (sent(UnsafeRedirect("x"), Sent.YES), Fate.OPEN),
        *((answered(status, BadRequest), Fate.OPEN) for status in (406, 408, 409, 420, 423, 424, 444, 460, 499)),
        *((answered(status, ServerError), Fate.OPEN) for status in (500, 501, 502, 503, 504, 505, 520, 599)),
    ],
    ids=repr,
)
def test_what_may_have_become_of_a_request(error: NusantaraError, fate: Fate) -> None:
    assert fate_of(error) is fate


# --- What stands, whatever the call


@pytest.mark.parametrize("call_class", list(CallClass))
@pytest.mark.parametrize(
    "error",
    [
        untrusted(),
        of_another_call(),
        sent(Timeout(Phase.POOL, "x"), Sent.NO),
        answered(400, BadRequest),
        answered(200, ApiError),
        answered(401, AuthFailed),
        answered(429, RateLimited, retry_after=61.0),
    ],
    ids=["untrusted", "of another call", "full pool", "400", "in a 200", "401", "a long wait"],
)
def test_what_will_not_pass_stands(error: NusantaraError, call_class: CallClass) -> None:
    assert steps_after(call(call_class), error) == [Give(error)]


@pytest.mark.parametrize("error", [answered(501, ServerError), sent(BadResponse("x"), Sent.YES)], ids=["501", "page"])
def test_a_useless_answer_is_not_asked_for_again(error: NusantaraError) -> None:
    for call_class in CallClass:
        expected = "look, give" if call_class is CallClass.KEYED else "give"
        assert words(steps_after(call(call_class), error)) == expected


def test_a_wait_that_is_allowed_is_kept() -> None:
    [step] = steps_after(call(), answered(429, RateLimited, retry_after=60.0))
    assert step.pause == 60.0


def test_the_last_attempt_is_the_last() -> None:
    assert words(steps_after(call(number=2), ConnectFailed("x"))) == "again"
    assert words(steps_after(call(number=3), ConnectFailed("x"))) == "give"


# --- Pauses, time and budget


def test_pauses_are_full_jitter_between_nothing_and_a_doubling_bound() -> None:
    random.seed(1945)
    for before, bound in enumerate((0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)):
        made = call(attempts=9)
        made.spent = [(Budget(), 5)] * before
        noted = [next_step(made, ConnectFailed("x")).pause for _ in range(200)]  # type: ignore[union-attr]
        assert max(noted) <= bound
        assert max(noted) > bound * 0.95
        assert min(noted) < bound * 0.2


def test_to_be_told_now_is_no_advice() -> None:
    assert next_step(call(), answered(429, RateLimited, retry_after=0.0)).pause > 0  # type: ignore[union-attr]


def test_no_attempt_starts_that_would_outlast_the_deadline() -> None:
    error = answered(429, RateLimited, retry_after=7.0)
    assert steps_after(call(seconds_left=5.0), error) == [Give(error)]
    assert "no time for it" in error.__notes__[0]


def test_an_attempt_starts_as_long_as_it_would_have_time() -> None:
    error = answered(429, RateLimited, retry_after=7.0)
    for seconds_left, word in ((18.0, "give"), (18.1, "again")):
        made = call(seconds_left=seconds_left)
        made.caller._options = Options(timeout=Timeouts(total=60.0, connect=5.0))  # It needs 11 s of it.
        assert words(steps_after(made, error)) == word


@pytest.mark.parametrize(
    ("error", "cost"),
    [(ConnectFailed("x"), 5), (sent(Timeout(Phase.FIRST_BYTE, "x")), 10), (answered(503, ServerError), 5)],
    ids=["refused connection", "silence", "503"],
)
def test_a_repeat_has_its_price(error: NusantaraError, cost: int) -> None:
    budget = Budget(cost)
    assert next_step(call(budget=budget), error).cost == cost  # type: ignore[union-attr]
    assert budget.left == cost, "it is paid when it is due"
    assert steps_after(call(budget=Budget(cost - 1)), error) == [Give(error)]
    assert error.__notes__ == [steps.SPENT]


def test_a_throttled_operation_pays_from_a_purse_of_its_own() -> None:
    budget = Budget()
    budget.spend(100)
    [step] = steps_after(call(budget=budget), answered(429, RateLimited))
    assert (step.purse, step.cost) == (budget.purses["/a"], 5)


def test_a_connection_that_was_idle_costs_nothing_once() -> None:
    assert steps_after(call(), kept()) == [Again(pause=0.0, purse=None, cost=0)]
    [step] = steps_after(call(number=2), kept())
    assert step.cost == 5
    assert steps_after(call(CallClass.UNREPEATABLE), error := kept()) == [Give(error)]


@pytest.mark.parametrize(
    ("total", "connect", "least"), [(60.0, 5.0, 11.0), (5.0, 5.0, 1.0), (5.0, None, 1.0), (None, 5.0, 0.0)]
)
def test_another_attempt_needs_time_to_connect_and_a_tenth_of_the_whole(
    total: float | None, connect: float | None, least: float
) -> None:
    assert least_time(Timeouts(total=total, connect=connect)) == pytest.approx(least)


# --- Credentials


def test_refused_credentials_are_renewed_once() -> None:
    made, error = call(CallClass.UNREPEATABLE), answered(401, AuthFailed)
    made.refused = ({}, None)
    assert steps_after(made, error) == [Renew(), Give(error)]
    made.has_others = True
    assert next_step(made, error) == Again()
    made.number, made.refused = 2, ({}, None)
    assert steps_after(made, error) == [Give(error)]


def test_the_signer_hears_of_a_refusal_though_no_attempt_is_left() -> None:
    made, error = call(attempts=1), answered(401, AuthFailed)
    made.refused = ({}, None)
    assert steps_after(made, error) == [Renew(), Give(error)]


# --- Looking


def test_looks_become_rarer_and_the_last_is_at_the_end_of_the_settling_time() -> None:
    taken = steps_after(call(CallClass.KEYED), sent(ConnectionLost("x")))
    pauses = [step.pause for step in taken if isinstance(step, Look)]
    assert pauses == sorted(pauses)
    assert len(pauses) > 3
    assert pauses[0] == 0
    assert sum(pauses) == pytest.approx(5.0)
    assert looking_pauses(0) == (0.0,)


def test_one_attempt_looks_for_nothing() -> None:
    assert words(steps_after(call(CallClass.KEYED, attempts=1), sent(ConnectionLost("x")))) == "give"
    assert words(steps_after(call(CallClass.KEYED, attempts=2), sent(ConnectionLost("x")))) == "look, again"


def test_never_again_is_never() -> None:
    made = call(CallClass.KEYED, may_send_again=False)
    assert words(steps_after(made, sent(ConnectionLost("x")))) == "look, give"
    assert words(steps_after(call(CallClass.KEYED, may_send_again=False), ConnectFailed("x"))) == "again"


def test_before_a_repeat_of_a_repeat_it_is_looked_for_once_more() -> None:
    """What was not there may have come meanwhile."""
    made = call(CallClass.KEYED, attempts=9)
    steps_after(made, sent(ConnectionLost("x")))
    for number, error in enumerate([ConnectFailed("x"), answered(429, RateLimited), answered(400)], start=2):
        made.number = number
        looks = [step for step in steps_after(made, error) if isinstance(step, Look)]
        assert looks == [Look(0.0)]


def test_there_is_no_look_that_the_deadline_would_cut() -> None:
    made, error = call(CallClass.KEYED, seconds_left=0.5), sent(ConnectionLost("x"))
    taken = steps_after(made, error)
    assert taken[-1] == Give(error)
    assert 1 <= len(taken[:-1]) < len(looking_pauses(5.0))
    made = call(CallClass.KEYED, seconds_left=1.0, settling_time=15.0)
    assert steps_after(made, error) == [Look(0.0), Give(error)], "the second would be at the very end"


def test_nothing_is_begun_when_the_time_is_up() -> None:
    for error in (kept(), ConnectFailed("x"), answered(401, AuthFailed)):
        for call_class in CallClass:
            made = call(call_class)
            made.is_over, made.refused = True, ({}, None)
            assert steps_after(made, error) == [Give(error)]


class _NoDescriptor(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "tenacity":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


def test_a_pause_needs_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tenacity", raising=False)
    monkeypatch.setattr(sys, "meta_path", [_NoDescriptor(), *sys.meta_path])
    assert [steps._backoff(before) for before in (0, 1, 2, 10)] == [0.5, 1.0, 2.0, 8.0]
