"""The event loop behind the synchronous clients: one daemon thread per process, started by the first call.

    portal = shared()
    room = portal.run(async_client.rooms.get, room_id)      # any thread, also one whose own loop is running

What a caller can rely on:

- A coroutine's result comes back as it is, an exception it *returns* included; what it raises is raised, a
  cancellation too.
- Ctrl-C, or anything else raised in the waiting thread, cancels the coroutine, waits at most a second for its clean-up
  and goes on; a second Ctrl-C goes on at once.
- The caller's context variables are visible in the coroutine. What it sets stays there.
- A forked child starts its own loop with its first call. The parent's sockets are out of its reach. A fork waits, a
  second at most, until the loop is between two steps, so that the child finds no lock held by a thread that it lacks.
- When the interpreter exits, what still runs is cancelled and what is still open is closed, in about a second.
- A loop that dies takes no caller with it: calls in flight, or else the next call, raise
  :exc:`~nusantara.errors.NoAnswer` with the cause, and then a new loop serves.

The loop is asyncio's own; the environment variable ``NUSANTARA_LOOP=uvloop`` selects uvloop, which is faster.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import selectors
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, TypeVar

from nusantara.answers import context_of_thread
from nusantara.errors import (
    ClosedClient,
    ConfigurationError,
    MissingExtra,
    NoAnswer,
    NusantaraError,
    OutcomeUnknown,
    Sent,
    WrongLoop,
)

__all__ = ["BlockingCallWarning", "Portal", "replace_shared", "shared"]

P = ParamSpec("P")
T = TypeVar("T")

INTERRUPT_GRACE = 1.0
"""Seconds an interrupted call may take to clean up."""
EXIT_GRACE = 0.5
"""Seconds that each step of the closing of a loop may take."""
FORK_GRACE = 1.0
"""Seconds that a fork may wait for the loop to come to rest."""

# A lock that is waited for without a timeout cannot be interrupted by Ctrl-C on Windows.
_WAIT_STEP = 0.1 if sys.platform == "win32" else -1


class BlockingCallWarning(RuntimeWarning):
    """A synchronous call was made in a thread whose event loop is running: until it returns, that loop stands still.

    Shown once per line of code, and never in IPython or Jupyter, where the loop belongs to the shell. To forbid such
    calls: ``warnings.simplefilter("error", BlockingCallWarning)``.
    """


class Portal:
    """Runs coroutines for threads that have no event loop of their own to run them on.

    All clients share one (:func:`shared`). Making a portal starts nothing.
    """

    def __init__(self) -> None:
        # Reentrant, because the garbage collector may run a destructor that makes a call while it is held.
        self._lock = threading.RLock()
        self._worker: _Worker | None = None
        self._closed = False
        _portals.add(self)

    def run(self, fn: Callable[P, Coroutine[Any, Any, T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a coroutine function in the loop and wait for what comes of it.

        Raises:
            WrongLoop: Called in the loop itself, which would wait for ever.
            ClosedClient: The portal is closed, or the interpreter is exiting.
        """
        worker = self._worker
        if worker is None or worker.ended:
            worker = self._start(fn)
        if threading.get_ident() == worker.ident:
            raise _own_loop(fn)
        if _in_loop():
            _warn_blocking(fn)
        call = _Call(worker, fn, args, kwargs)
        try:
            call.hand_over()
            while not call.lock.acquire(timeout=_WAIT_STEP):
                pass
        except BaseException:
            call.abandon()
            raise
        # The frames in the error's traceback lead to the call, which may not lead to the error.
        error, call.error = call.error, None
        if error is None:
            return call.value
        if _exit.begun:
            _refuse_at_exit()
        try:
            raise error
        finally:
            # The error's traceback holds this frame: without this, each error is a reference cycle.
            del error

    def close(self) -> None:
        """End the loop and its thread. Calls in flight raise OutcomeUnknown, all later ones ClosedClient. For tests."""
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None and not worker.ended:
            worker.stop()

    def _start(self, fn: Callable[..., object]) -> _Worker:
        if _exit.begun or sys.is_finalizing():
            _refuse_at_exit()
        dead = self._worker
        if dead is not None:
            if dead.thread is threading.current_thread():
                raise _own_loop(fn)
            # Until it has closed its connections, their clients take it for open and refuse another.
            dead.thread.join(2 * EXIT_GRACE)
        with self._lock:
            worker = self._worker
            if worker is not None and not worker.ended:
                return worker
            if self._closed:
                raise _closed_portal(None, Sent.NO)
            if worker is not None and worker.cause is not None and not worker.mourned:
                raise _died(worker, Sent.NO)
            worker = self._worker = _Worker()
            try:
                worker.thread.start()
            except BaseException:
                self._worker = None
                worker.loop.close()
                if _main_thread_has_ended():
                    _refuse_at_exit()
                raise
            return worker

    def _leave(self) -> None:
        """End the loop because the interpreter exits."""
        worker = self._worker
        if worker is not None and not worker.ended:
            worker.stop()

    def _rest(self) -> threading.Event | None:
        """Have the loop stand still because this thread forks."""
        worker = self._worker
        return None if worker is None else worker.rest()

    def _reset_in_child(self) -> None:
        worker, self._worker = self._worker, None
        self._lock = threading.RLock()
        if worker is not None:
            worker.disown()


class _Worker:
    """One event loop in one thread, from start to end."""

    def __init__(self) -> None:
        self.loop, self.selector = _new_loop()
        # In debug mode asyncio reports steps that take long, as that of a first call may, which loads modules.
        self.loop.slow_callback_duration = float("inf")
        self.calls: set[_Call[Any]] = set()
        """Calls that nobody has answered. Removing one from here gives the right, once, to answer it."""
        self.ident: int | None = None
        self.ended = False
        self.cause: BaseException | None = None
        """What killed the loop."""
        self.mourned = False
        """Whether some call has raised the cause."""
        self.last_words: Callable[[_Worker, Sent], NusantaraError] = _died
        """Makes the error for calls that this loop does not answer any more."""
        self.thread = threading.Thread(target=self._serve, name="nusantara-loop", daemon=True)

    def stop(self) -> None:
        """Fail all calls, close all connections, end the thread; in at most two seconds."""
        self.last_words = _closed_portal
        self.ended = True
        self._fail_calls()
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(3 * EXIT_GRACE)

    def rest(self) -> threading.Event | None:
        """Have the loop stand still between two steps, where it holds no lock, until the event that is given is set.

        In the middle of a step it may hold any: that of a module which is being imported, for one, and a child that is
        forked then would wait for it for ever.
        """
        if self.ended or threading.get_ident() == self.ident:
            return None
        resting, go_on = threading.Event(), threading.Event()

        def stand_still() -> None:
            resting.set()
            go_on.wait(FORK_GRACE)

        try:
            self.loop.call_soon_threadsafe(stand_still)
        except RuntimeError:  # The loop is closed.
            return None
        resting.wait(FORK_GRACE)
        return go_on

    def disown(self) -> None:
        """In a forked child: this loop and its sockets are the parent's.

        Every descriptor of the loop gives way to the null device, under the same number. So the parent's connections
        end when the parent closes them, and nothing here, not even a destructor, can reach them or the parent's
        selector. (uvloop does not tell its descriptors; there they stay open and unused.)
        """
        self.ended = True
        if self.selector is not None and not self.loop.is_closed():
            descriptors = [key.fd for key in self.selector.get_map().values()]
            own = getattr(self.selector, "fileno", None)
            if own is not None:
                descriptors.append(own())
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in descriptors:
                os.dup2(null, descriptor, inheritable=False)
            os.close(null)
        # A signal handler may have forked in the middle of a call of this very thread.
        self.last_words = _forked
        self._fail_calls()

    def _serve(self) -> None:
        self.ident = threading.get_ident()
        try:
            self.loop.run_forever()
        except BaseException as error:
            self.cause = error
        self.ended = True
        self._fail_calls()
        # Whatever still goes wrong in an ending loop has nobody left to be told.
        with contextlib.suppress(BaseException):
            self.loop.run_until_complete(self._wind_up())
        self.loop.close()

    async def _wind_up(self) -> None:
        await _cancel_all()
        # Clients close their connections when the asynchronous generators of a loop are shut down.
        async with asyncio.timeout(EXIT_GRACE):
            await self.loop.shutdown_asyncgens()

    def _fail_calls(self) -> None:
        for call in list(self.calls):
            call.fail(Sent.MAYBE)


class _Call(Generic[T]):
    """One coroutine on its way: made and waited for in the caller's thread, run in the loop's."""

    __slots__ = ("args", "error", "fn", "kwargs", "lock", "task", "value", "worker")

    value: T

    def __init__(
        self, worker: _Worker, fn: Callable[..., Coroutine[Any, Any, T]], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.worker = worker
        self.fn = fn
        self.args = args
        self.kwargs = kwargs
        self.task: asyncio.Task[None] | None = None
        self.error: BaseException | None = None
        self.lock = threading.Lock()
        """Held until the call is answered."""
        self.lock.acquire()

    def hand_over(self) -> None:
        worker = self.worker
        worker.calls.add(self)
        try:
            worker.loop.call_soon_threadsafe(self._start, context=context_of_thread())
        except RuntimeError:  # The loop is closed.
            self.fail(Sent.NO)
        if worker.ended:
            # It ended in this moment; if that was before the call was added, nobody else will answer.
            self.fail(Sent.MAYBE)

    def abandon(self) -> None:
        """Give up waiting: cancel the coroutine and let it clean up for a moment."""
        if self not in self.worker.calls:
            return
        try:
            self.worker.loop.call_soon_threadsafe(self._cancel)
        except RuntimeError:
            return
        self.lock.acquire(timeout=INTERRUPT_GRACE)

    def answer(self, value: Any = None, error: BaseException | None = None) -> None:
        """End the wait; only the first answer counts."""
        if self._claim():
            self.value = value
            self.error = error
            self.lock.release()

    def fail(self, sent: Sent) -> None:
        """End the wait with the loop's last words."""
        if self._claim():
            self.error = self.worker.last_words(self.worker, sent)
            self.lock.release()

    def _claim(self) -> bool:
        try:
            self.worker.calls.remove(self)
        except KeyError:
            return False
        return True

    def _start(self) -> None:
        if self in self.worker.calls:
            self.task = self.worker.loop.create_task(self._drive())

    async def _drive(self) -> None:
        # Everything is caught, SystemExit too: raised further, it would end the loop for all other callers.
        try:
            value = await self.fn(*self.args, **self.kwargs)
        except BaseException as error:
            self.answer(error=_without_first_frame(error))
        else:
            self.answer(value)

    def _cancel(self) -> None:
        if self.task is None:
            self.answer(error=asyncio.CancelledError())
            return
        # A task that is cancelled before its first step never enters _drive.
        self.task.add_done_callback(lambda _: self.answer(error=asyncio.CancelledError()))
        self.task.cancel()


def _without_first_frame(error: BaseException) -> BaseException:
    frames = error.__traceback__
    return error.with_traceback(None if frames is None else frames.tb_next)


async def _cancel_all() -> None:
    """Cancel every other task of this loop and give them a moment to end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=EXIT_GRACE)


def _new_loop() -> tuple[asyncio.AbstractEventLoop, selectors.BaseSelector | None]:
    choice = os.environ.get("NUSANTARA_LOOP", "")
    if choice == "uvloop":
        try:
            import uvloop
        except ImportError:
            raise MissingExtra(
                "NUSANTARA_LOOP asks for uvloop, which is not installed", hint="pip install 'nusantara[speed]'"
            ) from None
        return uvloop.new_event_loop(), None
    if choice not in ("", "asyncio"):
        raise ConfigurationError(f"NUSANTARA_LOOP is {choice!r}", hint="it may be 'asyncio' or 'uvloop'")
    if sys.platform == "win32":
        return asyncio.new_event_loop(), None
    selector = selectors.DefaultSelector()
    return asyncio.SelectorEventLoop(selector), selector


# --- Calls from inside an event loop


def _own_loop(fn: Callable[..., object]) -> WrongLoop:
    return WrongLoop(
        f"{_name_of(fn)} was called in the event loop of the sync clients, which would wait for itself",
        hint=f"in a coroutine or a hook, await {_path_of(fn)} of the async client instead",
    )


def _name_of(fn: Callable[..., object]) -> str:
    owner = getattr(fn, "__self__", None)
    name: str = getattr(fn, "__qualname__", repr(fn))
    return name if owner is None else f"{type(owner).__qualname__}.{name.rpartition('.')[2]}"


def _module_of(fn: Callable[..., object]) -> str:
    """That of the vendor, also for a method that its class inherits from the core."""
    owner = getattr(fn, "__self__", None)
    module: str = getattr(fn if owner is None else type(owner), "__module__", "")
    return module


def _path_of(fn: Callable[..., object]) -> str:
    return f"{_module_of(fn)}.{_name_of(fn)}".lstrip(".")


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _warn_blocking(fn: Callable[..., object]) -> None:
    if _in_ipython():
        return
    # The generated methods live in <package>.sync: the line to name is the first one outside of them and of the core.
    package = _module_of(fn).partition(".")[0]
    own = ("nusantara.", f"{package}.sync.")
    frame = sys._getframe(2)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__')}.".startswith(own):
        frame = frame.f_back
    warnings.warn_explicit(
        f"this call of {_name_of(fn)} stops the event loop of its thread until it returns; "
        f"in async code, await {_path_of(fn)} of the async client",
        BlockingCallWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=frame.f_globals.setdefault("__warningregistry__", {}),
    )


def _in_ipython() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


# --- Exit and fork


class _Exit:
    """Whether the interpreter has begun to exit."""

    begun = False


_exit = _Exit()
_portals: weakref.WeakSet[Portal] = weakref.WeakSet()


def _main_thread_has_ended() -> bool:
    """Whether the interpreter waits for the other threads only, and may not let them start new ones (Python 3.12)."""
    return not threading.main_thread().is_alive()


def _refuse_at_exit() -> None:
    if threading.current_thread().daemon and not sys.is_finalizing():
        # This thread ends with the process, in a moment. An error would be printed in the middle of the exit.
        threading.Event().wait()
    raise ClosedClient("the interpreter is exiting, so no call can be made")


def _died(worker: _Worker, sent: Sent) -> NusantaraError:
    worker.mourned = True
    # Of what the lost call was, nothing is known here.
    kind = NoAnswer if sent is Sent.NO else OutcomeUnknown
    error = kind("the event loop of the sync clients died", hint="the next call starts a new one")
    error.sent = sent
    error.__cause__ = worker.cause
    return error


def _closed_portal(_: _Worker | None, sent: Sent) -> NusantaraError:
    # Of what the lost call was, nothing is known here.
    kind = ClosedClient if sent is Sent.NO else OutcomeUnknown
    error = kind("the event loop of the sync clients is closed")
    error.sent = sent
    return error


def _forked(_: _Worker, sent: Sent) -> NusantaraError:
    error = NoAnswer("the process was forked during this call; its answer goes to the parent")
    error.sent = sent
    return error


def _at_exit() -> None:
    _exit.begun = True
    for portal in list(_portals):
        portal._leave()


_resting: dict[int, list[threading.Event]] = {}
"""What the loops wait for, by the thread that forks: several may at once."""


def _before_fork() -> None:
    rests = [portal._rest() for portal in list(_portals)]
    _resting[threading.get_ident()] = [go_on for go_on in rests if go_on is not None]


def _in_parent() -> None:
    for go_on in _resting.pop(threading.get_ident(), ()):
        go_on.set()


def _in_child() -> None:
    _resting.clear()
    for portal in list(_portals):
        portal._reset_in_child()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child)

_shared = Portal()


def shared() -> Portal:
    """The portal of this process, which clients use unless given another."""
    return _shared


def replace_shared(portal: Portal) -> Portal:
    """Have clients made from now on use another portal; returns the one before. For tests."""
    global _shared
    before, _shared = _shared, portal
    return before
