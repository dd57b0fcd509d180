"""The process of one contender: answers each line of JSON on standard input with one on standard output.

The first line says who it is and where the server is. Each later one either has it ``show`` what it reads in the answer
of an operation, or names an operation, how many calls to keep in flight, and for how many seconds. ``variables`` are
set in the environment meanwhile.

Contenders that run in an environment of their own import this, so that it needs nothing but the standard library.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from benchmarks.answers import OPERATIONS, Row
from benchmarks.contenders import AsyncContender, SyncContender
from benchmarks.installs import INSTALLS, Install, loop_factory, missing_package
from benchmarks.processes import begin, hear, say

__all__ = ["main"]


_Situation = tuple[tuple[str, str], ...]
"""Environment variables that are set beside the usual."""


class _Driver(Protocol):
    """Opens a contender once for each operation and situation and makes calls through it."""

    situation: _Situation

    def show(self, operation: str) -> list[Row]: ...

    def once(self, operation: str, concurrency: int) -> None:
        """One call for each that will be in flight, so that all connections are there when the clock starts."""
        ...

    def run(self, operation: str, concurrency: int, seconds: float, *, inside_loop: bool) -> int:
        """Call until the time is up, each in flight at least once; the number of calls."""
        ...

    def close(self) -> None: ...


class _AsyncDriver:
    def __init__(self, make: Callable[[], AsyncContender], base_url: str, install: Install) -> None:
        self._make = make
        self._base_url = base_url
        self.situation: _Situation = ()
        self._opened: dict[tuple[str, _Situation], AsyncContender] = {}
        self._runner = asyncio.Runner(loop_factory=loop_factory(install))

    def show(self, operation: str) -> list[Row]:
        contender = self._contender(operation)
        return contender.rows(self._runner.run(contender.call()))

    def once(self, operation: str, concurrency: int) -> None:
        call = self._contender(operation).call

        async def together() -> None:
            await asyncio.gather(*(call() for _ in range(concurrency)))

        self._runner.run(together())

    def run(self, operation: str, concurrency: int, seconds: float, *, inside_loop: bool) -> int:
        call = self._contender(operation).call

        async def one_after_the_other(deadline: float) -> int:
            await call()
            count = 1
            while time.perf_counter() < deadline:
                await call()
                count += 1
            return count

        async def together() -> int:
            deadline = time.perf_counter() + seconds
            return sum(await asyncio.gather(*(one_after_the_other(deadline) for _ in range(concurrency))))

        return self._runner.run(together())

    def close(self) -> None:
        for contender in self._opened.values():
            self._runner.run(contender.close())
        self._runner.close()

    def _contender(self, operation: str) -> AsyncContender:
        key = operation, self.situation
        if key not in self._opened:
            contender = self._opened[key] = self._make()
            self._runner.run(contender.open(self._base_url, OPERATIONS[operation]))
        return self._opened[key]


class _SyncDriver:
    def __init__(self, make: Callable[[], SyncContender], base_url: str) -> None:
        self._make = make
        self._base_url = base_url
        self.situation: _Situation = ()
        self._opened: dict[tuple[str, _Situation], SyncContender] = {}
        self._threads: dict[int, ThreadPoolExecutor] = {}
        self._runner = asyncio.Runner()
        # The warning that a loop stands still is meant for programs; notebooks do not get it either.
        warnings.simplefilter("ignore", RuntimeWarning)

    def show(self, operation: str) -> list[Row]:
        contender = self._contender(operation)
        return contender.rows(contender.call())

    def once(self, operation: str, concurrency: int) -> None:
        call = self._contender(operation).call
        self._together(concurrency, lambda: (call(), 1)[1])

    def run(self, operation: str, concurrency: int, seconds: float, *, inside_loop: bool) -> int:
        call = self._contender(operation).call
        deadline = time.perf_counter() + seconds

        def one_after_the_other() -> int:
            call()
            count = 1
            while time.perf_counter() < deadline:
                call()
                count += 1
            return count

        async def as_in_a_notebook() -> int:
            return one_after_the_other()

        return self._runner.run(as_in_a_notebook()) if inside_loop else self._together(concurrency, one_after_the_other)

    def close(self) -> None:
        for threads in self._threads.values():
            threads.shutdown()
        for contender in self._opened.values():
            contender.close()
        self._runner.close()

    def _together(self, concurrency: int, work: Callable[[], int]) -> int:
        if concurrency == 1:
            return work()
        if concurrency not in self._threads:
            self._threads[concurrency] = ThreadPoolExecutor(concurrency)
        threads = self._threads[concurrency]
        return sum(future.result() for future in [threads.submit(work) for _ in range(concurrency)])

    def _contender(self, operation: str) -> SyncContender:
        key = operation, self.situation
        if key not in self._opened:
            contender = self._opened[key] = self._make()
            contender.open(self._base_url, OPERATIONS[operation])
        return self._opened[key]


def _measured(driver: _Driver, operation: str, concurrency: int, seconds: float, inside_loop: bool) -> dict[str, float]:
    driver.once(operation, concurrency)
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    count = driver.run(operation, concurrency, seconds, inside_loop=inside_loop)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"count": count, "wall": wall, "cpu": cpu}


def _driver(who: dict[str, Any], install: Install) -> _Driver:
    make = importlib.import_module(f"benchmarks.contenders.{who['module']}").Contender
    if asyncio.iscoroutinefunction(make.call):
        return _AsyncDriver(make, who["base_url"], install)
    return _SyncDriver(make, who["base_url"])


def main() -> None:
    """Answer until standard input ends."""
    begin()
    who = hear()
    install = INSTALLS[who["install"]]
    install.enter()
    missing = missing_package([*who["needs"], *install.packages])
    if missing is not None:
        say({"missing": missing})
        return
    driver = _driver(who, install)
    say({})
    for line in sys.stdin:
        asked = json.loads(line)
        variables = asked.pop("variables")
        os.environ.update(variables)
        driver.situation = tuple(variables.items())
        if "show" in asked:
            say({"rows": driver.show(asked["show"])})
        else:
            say(_measured(driver, **asked))
        for name in variables:
            del os.environ[name]
    driver.close()


if __name__ == "__main__":
    main()
