"""The processes of a run: each on its core, each with an end of its own, all ended when the run ends.

A child ends when its standard input does, which happens even if the controller is killed.

Contenders that run in an environment of their own import this, so that it needs nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = [
    "PATIENCE",
    "PLAIN_HEAP",
    "ROOT",
    "STEADY_HEAP",
    "Child",
    "ChildFailed",
    "allow_many_sockets",
    "begin",
    "can_pin",
    "end_in_time",
    "environment",
    "hear",
    "peak_memory",
    "pin",
    "pinned",
    "say",
]

ROOT = Path(__file__).resolve().parent.parent
LIFETIME = 1200
"""Seconds after which a child is ended by the system, whatever it does."""
PATIENCE = 60.0
"""Seconds that a child may take longer than asked for."""
FAREWELL = 5.0

# asyncio reads into a fresh 256 KB each time. Whether glibc then gives pages back to the system and fetches them again,
# with every call, depends on what happens to lie at the top of the heap: 15 % of a small call, by luck. These settings
# end that; a value that the environment has already wins.
STEADY_HEAP = {"MALLOC_TRIM_THRESHOLD_": str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 25)}

PLAIN_HEAP: Mapping[str, str] = {}
"""For measurements of memory: they are to meet what a user's program meets."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class ChildFailed(Exception):
    """A child did not answer: it ended, or took too long."""


def can_pin() -> bool:
    """Whether server and contenders can have a core each."""
    return hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) >= 2


def pin(place: int) -> None:
    """Keep this process on one core: place 0 is the server's, place 1 the contenders'."""
    if can_pin():
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[place]})


@contextlib.contextmanager
def pinned(place: int) -> Iterator[None]:
    """Start processes on a core, without a word to them."""
    if not can_pin():
        yield
        return
    cores = os.sched_getaffinity(0)
    pin(place)
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def end_in_time() -> None:
    """See to it that this process ends even if it hangs."""
    signal.alarm(LIFETIME)


def allow_many_sockets() -> None:
    """Raise the number of open files as far as the system lets us: a thousand calls need as many connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def begin(place: int = 1) -> None:
    """What every child does first."""
    end_in_time()
    pin(place)
    allow_many_sockets()


def hear() -> dict[str, Any]:
    """What the controller says first. Ends this process if the controller has ended."""
    line = sys.stdin.readline()
    if not line:
        sys.exit()
    asked: dict[str, Any] = json.loads(line)
    return asked


def say(answer: Mapping[str, Any]) -> None:
    """Answer the controller."""
    print(json.dumps(answer), flush=True)


def peak_memory() -> float:
    """In MB; the system counts in KB, except macOS, which counts in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def environment(variables: Mapping[str, str] = STEADY_HEAP) -> dict[str, str]:
    """The variables of a child: the user's without proxies, which would slow some of the contenders and not others."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    return {**variables, **kept}


class Child:
    """A Python process that answers lines of JSON with lines of JSON.

    Args:
        module: What it runs.
        python: Interpreter; by default this one.
        variables: Environment variables unless the user has set them.
    """

    def __init__(self, module: str, *, python: str | None = None, variables: Mapping[str, str] = STEADY_HEAP) -> None:
        self.name = module
        # In a session of its own, Ctrl-C reaches the controller alone, which then ends its children in order.
        self._process = subprocess.Popen(
            [python or sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(variables),
            start_new_session=True,
        )

    def read(self, timeout: float) -> dict[str, Any]:
        """The next line that the child says."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], timeout)
        if not ready:
            raise ChildFailed(f"{self.name} did not answer within {timeout:g} s")
        line = self._process.stdout.readline()
        if not line:
            raise ChildFailed(f"{self.name} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, question: Mapping[str, Any], timeout: float = PATIENCE) -> dict[str, Any]:
        """Say something and wait for the answer."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ChildFailed(f"{self.name} ended") from None
        return self.read(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        if kind is not None:
            process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
