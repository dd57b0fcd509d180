"""The process of one contender: answers each line of JSON on standard input with one on standard output.

The first line says who it is and where the server is. Each later one names an answer, how many calls to keep in
flight, and for how many seconds, 0 for a single call whose result is shown.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from benchmarks.answers import INBOXES, Row
from benchmarks.contenders import AsyncContender, SyncContender
from benchmarks.processes import end_in_time, pin

__all__ = ["main"]


class _Driver(Protocol):
    """Opens a contender once for each kind of answer and makes calls through it."""

    def show(self, inbox: str) -> list[Row]: ...

    def once(self, inbox: str, concurrency: int) -> None:
        """One call for each that will be in flight, so that all connections are there when the clock starts."""
        ...

    def run(self, inbox: str, concurrency: int, seconds: float) -> int:
        """Call until the time is up; the number of calls."""
        ...

    def close(self) -> None: ...


class _AsyncDriver:
    def __init__(self, make: Callable[[], AsyncContender], base_url: str, loop: str) -> None:
        self._make = make
        self._base_url = base_url
        self._opened: dict[str, AsyncContender] = {}
        factory = importlib.import_module("uvloop").new_event_loop if loop == "uvloop" else asyncio.new_event_loop
        self._runner = asyncio.Runner(loop_factory=factory)

    def show(self, inbox: str) -> list[Row]:
        contender = self._contender(inbox)
        return contender.rows(self._runner.run(contender.call()))

    def once(self, inbox: str, concurrency: int) -> None:
        call = self._contender(inbox).call

        async def together() -> None:
            await asyncio.gather(*(call() for _ in range(concurrency)))

        self._runner.run(together())

    def run(self, inbox: str, concurrency: int, seconds: float) -> int:
        call = self._contender(inbox).call

        async def one_after_the_other(deadline: float) -> int:
            count = 0
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

    def _contender(self, inbox: str) -> AsyncContender:
        if inbox not in self._opened:
            contender = self._opened[inbox] = self._make()
            self._runner.run(contender.open(self._base_url, INBOXES[inbox]))
        return self._opened[inbox]


class _SyncDriver:
    def __init__(self, make: Callable[[], SyncContender], base_url: str) -> None:
        self._make = make
        self._base_url = base_url
        self._opened: dict[str, SyncContender] = {}
        self._threads: dict[int, ThreadPoolExecutor] = {}

    def show(self, inbox: str) -> list[Row]:
        contender = self._contender(inbox)
        return contender.rows(contender.call())

    def once(self, inbox: str, concurrency: int) -> None:
        call = self._contender(inbox).call
        self._together(concurrency, lambda: (call(), 1)[1])

    def run(self, inbox: str, concurrency: int, seconds: float) -> int:
        call = self._contender(inbox).call
        deadline = time.perf_counter() + seconds

        def one_after_the_other() -> int:
            count = 0
            while time.perf_counter() < deadline:
                call()
                count += 1
            return count

        return self._together(concurrency, one_after_the_other)

    def close(self) -> None:
        for threads in self._threads.values():
            threads.shutdown()
        for contender in self._opened.values():
            contender.close()

    def _together(self, concurrency: int, work: Callable[[], int]) -> int:
        if concurrency == 1:
            return work()
        threads = self._threads.setdefault(concurrency, ThreadPoolExecutor(concurrency))
        return sum(future.result() for future in [threads.submit(work) for _ in range(concurrency)])

    def _contender(self, inbox: str) -> SyncContender:
        if inbox not in self._opened:
            contender = self._opened[inbox] = self._make()
            contender.open(self._base_url, INBOXES[inbox])
        return self._opened[inbox]


def _measured(driver: _Driver, inbox: str, concurrency: int, seconds: float) -> dict[str, float]:
    driver.once(inbox, concurrency)
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    count = driver.run(inbox, concurrency, seconds)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"count": count, "wall": wall, "cpu": cpu, "peak_rss": _peak_rss()}


def _peak_rss() -> float:
    """In MB; the system counts in KB, except macOS, which counts in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _missing(needs: list[str]) -> str | None:
    for name in needs:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            return name
    return None


def main() -> None:
    """Answer until standard input ends."""
    end_in_time()
    pin(1)
    who = json.loads(sys.stdin.readline())
    for name in who["hidden"]:
        sys.modules[name] = None  # type: ignore[assignment]
    os.environ["NUSANTARA_LOOP"] = who["loop"]
    missing = _missing(who["needs"])
    if missing is not None:
        _say({"missing": missing})
        return
    make = importlib.import_module(f"benchmarks.contenders.{who['module']}").Contender
    driver: _Driver
    if asyncio.iscoroutinefunction(make.call):
        driver = _AsyncDriver(make, who["base_url"], who["loop"])
    else:
        driver = _SyncDriver(make, who["base_url"])
    _say({})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["seconds"]:
            _say(_measured(driver, asked["inbox"], asked["concurrency"], asked["seconds"]))
        else:
            _say({"rows": driver.show(asked["inbox"])})
    driver.close()


if __name__ == "__main__":
    main()
