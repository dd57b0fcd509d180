"""The portal by itself, within this process."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
import traceback
import warnings
import weakref
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
from support.threads import inject

from nusantara.errors import ClosedClient, ConfigurationError, NoAnswer, OutcomeUnknown, Sent, WrongLoop
from nusantara.sync import portal as portal_module
from nusantara.sync.portal import BlockingCallWarning, Portal


async def add(left: int, right: int = 1, *, times: int = 1) -> int:
    await asyncio.sleep(0)
    return (left + right) * times


async def fail(error: BaseException) -> None:
    await asyncio.sleep(0)
    raise error


def loop_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "nusantara-loop"]


def test_result_comes_back(portal: Portal) -> None:
    assert portal.run(add, 1, 2, times=3) == 9


def test_a_keyword_may_be_named_like_a_parameter_of_the_portal(portal: Portal) -> None:
    async def takes(fn: int, self: int) -> int:
        return fn + self

    assert portal.run(takes, fn=1, self=2) == 3


def test_nothing_is_started_before_the_first_call() -> None:
    before = loop_threads()
    with closing(Portal()) as portal:
        assert loop_threads() == before
        portal.run(add, 1)
        assert len(loop_threads()) == len(before) + 1
        portal.run(add, 1)
        assert len(loop_threads()) == len(before) + 1
    assert loop_threads() == before


def test_error_is_raised_as_it_is(portal: Portal) -> None:
    error = KeyError("x")
    with pytest.raises(KeyError) as caught:
        portal.run(fail, error)
    assert caught.value is error
    assert error.__context__ is None
    assert error.__cause__ is None


def test_returned_error_is_a_result(portal: Portal) -> None:
    error = ValueError("not raised")

    async def give() -> Exception:
        return error

    assert portal.run(give) is error


def test_cancelled_coroutine_raises(portal: Portal) -> None:
    async def cancel_itself() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)

    with pytest.raises(asyncio.CancelledError):
        portal.run(cancel_itself)


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_coroutine_that_raises_an_exit_hurts_only_its_caller(portal: Portal, error: BaseException) -> None:
    with pytest.raises(type(error)):
        portal.run(fail, error)
    assert portal.run(add, 1) == 2


def test_wrong_arguments_raise_in_the_caller(portal: Portal) -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        portal.run(add, 1, nonsense=2)  # type: ignore[call-arg]


def test_traceback_shows_one_frame_of_the_portal(portal: Portal) -> None:
    with pytest.raises(KeyError) as caught:
        portal.run(fail, KeyError("x"))
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names == ["test_traceback_shows_one_frame_of_the_portal", "run", "fail"]


def test_an_error_is_no_reference_cycle(portal: Portal) -> None:
    class Witness(Exception):
        pass

    async def raise_it() -> None:
        raise Witness

    def call() -> weakref.ref[Witness]:
        try:
            portal.run(raise_it)
        except Witness as error:
            return weakref.ref(error)
        raise AssertionError

    gc.collect()
    gc.disable()
    try:
        witness = call()
        portal.run(add, 1)  # The loop lets go of the call before it takes the next.
        assert witness() is None
    finally:
        gc.enable()


def test_context_variables_of_the_caller_are_seen_and_do_not_come_back(portal: Portal) -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("caller")

    async def look() -> str:
        seen = variable.get()
        variable.set("coroutine")
        return seen

    assert portal.run(look) == "caller"
    assert variable.get() == "caller"


def test_32_threads_share_one_loop(portal: Portal) -> None:
    loops: set[int] = set()
    sums: list[int] = []

    async def work(number: int) -> int:
        loops.add(id(asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return number

    def caller(start: int) -> None:
        sums.append(sum(portal.run(work, start + step) for step in range(200)))

    threads = [threading.Thread(target=caller, args=(start,)) for start in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(sums) == sorted(sum(range(start, start + 200)) for start in range(32))
    assert len(loops) == 1


def test_call_from_its_own_loop_names_what_to_await(portal: Portal) -> None:
    async def call_back() -> int:
        return portal.run(add, 1)

    started = time.monotonic()
    with pytest.raises(WrongLoop, match=r"await .*test_portal\.add of the async client"):
        portal.run(call_back)
    assert time.monotonic() - started < 1


def test_call_from_a_worker_thread_of_the_loop_works(portal: Portal) -> None:
    async def call_back() -> int:
        return await asyncio.to_thread(portal.run, add, 1)

    assert portal.run(call_back) == 2


def test_interrupted_wait_cancels_the_coroutine_and_waits_for_its_clean_up(portal: Portal) -> None:
    begun, cleaned = threading.Event(), threading.Event()

    async def stay() -> None:
        try:
            begun.set()
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0.1)
            cleaned.set()

    outcome = interrupt(portal, stay, begun)
    assert isinstance(outcome.error, KeyboardInterrupt)
    assert cleaned.is_set()
    assert outcome.seconds < 1
    assert portal.run(add, 1) == 2


def test_clean_up_that_takes_too_long_is_not_waited_for(portal: Portal) -> None:
    begun = threading.Event()

    async def stay() -> None:
        try:
            begun.set()
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(3)

    outcome = interrupt(portal, stay, begun)
    assert isinstance(outcome.error, KeyboardInterrupt)
    assert 0.9 < outcome.seconds < 2


def test_interrupt_that_comes_after_the_answer_waits_for_nothing(portal: Portal) -> None:
    portal.run(add, 1)
    worker = portal._worker
    assert worker is not None
    call = portal_module._Call(worker, add, (1,), {})
    call.hand_over()
    assert call.lock.acquire(timeout=5)
    started = time.monotonic()
    call.abandon()
    assert time.monotonic() - started < 0.5


class Outcome:
    error: BaseException | None = None
    seconds = 0.0


def interrupt(portal: Portal, fn: Any, begun: threading.Event) -> Outcome:
    """Raise KeyboardInterrupt in a thread that waits for the portal, as Ctrl-C does in the main thread.

    An exception injected into a thread shows only once the thread runs Python code again, so the waiting is done in
    short steps here.
    """
    outcome = Outcome()

    def caller() -> None:
        try:
            portal.run(fn)
        except BaseException as error:
            outcome.error = error

    before, portal_module._WAIT_STEP = portal_module._WAIT_STEP, 0.01
    try:
        thread = threading.Thread(target=caller)
        thread.start()
        assert begun.wait(5)
        started = time.monotonic()
        inject(thread.ident, KeyboardInterrupt)
        thread.join(10)
        outcome.seconds = time.monotonic() - started
    finally:
        portal_module._WAIT_STEP = before
    return outcome


async def explode() -> None:
    """End the running loop the hard way: a callback is not protected as a call is."""

    def die() -> None:
        raise SystemExit("injected")

    asyncio.get_running_loop().call_soon(die)


def wait_until_dead(portal: Portal) -> None:
    worker = portal._worker
    assert worker is not None
    worker.thread.join(5)
    assert not worker.thread.is_alive()


def test_after_the_death_of_the_loop_one_call_raises_the_cause_and_the_next_is_served(portal: Portal) -> None:
    portal.run(explode)
    wait_until_dead(portal)
    with pytest.raises(NoAnswer, match="died") as caught:
        portal.run(add, 1)
    assert isinstance(caught.value.__cause__, SystemExit)
    assert caught.value.sent is Sent.NO
    assert portal.run(add, 1) == 2


def test_calls_in_flight_raise_the_cause_of_the_death_of_the_loop(portal: Portal) -> None:
    async def stay() -> None:
        await explode()
        await asyncio.sleep(30)

    with pytest.raises(NoAnswer, match="died") as caught:
        portal.run(stay)
    assert isinstance(caught.value.__cause__, SystemExit)
    assert caught.value.sent is Sent.MAYBE
    assert portal.run(add, 1) == 2


def test_exception_injected_into_the_idle_loop_thread(portal: Portal) -> None:
    portal.run(add, 1)
    worker = portal._worker
    assert worker is not None
    inject(worker.ident, SystemExit)
    worker.loop.call_soon_threadsafe(lambda: None)
    wait_until_dead(portal)
    with pytest.raises(NoAnswer, match="died"):
        portal.run(add, 1)
    assert portal.run(add, 1) == 2


def test_closed_portal_refuses(portal: Portal) -> None:
    portal.run(add, 1)
    portal.close()
    with pytest.raises(ClosedClient):
        portal.run(add, 1)
    portal.close()


def test_closing_ends_calls_in_flight() -> None:
    portal = Portal()
    begun = threading.Event()
    errors: list[Any] = []

    async def stay() -> None:
        begun.set()
        await asyncio.sleep(30)

    def caller() -> None:
        try:
            portal.run(stay)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=caller)
    thread.start()
    assert begun.wait(5)
    portal.close()
    thread.join(5)
    assert [type(error) for error in errors] == [OutcomeUnknown]
    assert errors[0].sent is Sent.MAYBE


class Lodger:
    """Has an asynchronous generator in the loop, as the connections of a client do."""

    def __init__(self, order: list[str], seconds: float = 0) -> None:
        self._order = order
        self._seconds = seconds

    async def move_in(self) -> None:
        self._stay = self._generate()
        await anext(self._stay)

    async def _generate(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await asyncio.sleep(self._seconds)
            self._order.append("closed")


def test_generators_of_the_loop_are_shut_down_with_it() -> None:
    order: list[str] = []
    lodger = Lodger(order)
    with closing(Portal()) as portal:
        portal.run(lodger.move_in)
    assert order == ["closed"]


def test_next_loop_waits_until_the_dead_one_has_closed_its_connections(portal: Portal) -> None:
    order: list[str] = []
    lodger = Lodger(order, 0.3)

    async def note() -> None:
        order.append("served")

    portal.run(lodger.move_in)
    portal.run(explode)
    worker = portal._worker
    assert worker is not None
    while not worker.ended:
        time.sleep(0.01)
    with pytest.raises(NoAnswer, match="died"):
        portal.run(note)
    portal.run(note)
    assert order == ["closed", "served"]


def test_unknown_choice_of_loop_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUSANTARA_LOOP", "trio")
    with closing(Portal()) as portal, pytest.raises(ConfigurationError, match="trio"):
        portal.run(add, 1)


def test_uvloop_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("uvloop", reason="uvloop is not installed, so its choice cannot be tested")
    monkeypatch.setenv("NUSANTARA_LOOP", "uvloop")

    async def kind() -> str:
        return type(asyncio.get_running_loop()).__module__

    with closing(Portal()) as portal:
        assert portal.run(kind) == "uvloop"


async def test_call_under_a_running_loop_works_and_warns_once_per_line(portal: Portal) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            assert portal.run(add, 1) == 2
        portal.run(add, 2)
    assert [warning.category for warning in caught] == [BlockingCallWarning] * 2
    assert {warning.filename for warning in caught} == {__file__}
    assert "await" in str(caught[0].message)
    assert "add" in str(caught[0].message)


async def test_call_under_a_running_loop_can_be_forbidden(portal: Portal) -> None:
    calls: list[int] = []

    async def note() -> None:
        calls.append(1)

    with warnings.catch_warnings():
        warnings.simplefilter("error", BlockingCallWarning)
        with pytest.raises(BlockingCallWarning):
            portal.run(note)
    assert calls == []


def test_no_warning_without_a_running_loop(portal: Portal) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert portal.run(add, 1) == 2
