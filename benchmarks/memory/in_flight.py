"""Memory of a call while it waits for its answer: a thousand of them, held by the server."""

from __future__ import annotations

import asyncio
import gc
import importlib
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import attrs

from benchmarks.answers import HELD, OPERATIONS
from benchmarks.contenders import AIOHTTP, SDK, SDKS, AsyncContender, Spec
from benchmarks.errand import run_errand
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.installs import INSTALLS, loop_factory, missing_package
from benchmarks.memory.resident import resident
from benchmarks.processes import PLAIN_HEAP, ChildFailed
from benchmarks.run import Run
from benchmarks.site import RELEASE_PATH, WAITING_PATH

__all__ = ["COLUMN", "KEY", "InFlight", "hold"]

KEY = "in-flight"
COLUMN = "1,000 calls"
CALLS = 1000
CALLS_BEFORE = 200
"""They take up what the process has free, so that the others show in the resident set."""
_UVLOOP = SDKS[-1]


@attrs.define(slots=True)
class InFlight:
    """Growth of the resident set per call."""

    key: str = attrs.field(default=KEY, init=False)
    title: str = attrs.field(default="Memory of a call in flight", init=False)
    quick: bool = attrs.field(default=True, init=False)
    once: bool = attrs.field(default=False, init=False)
    _starts: list[list[Lap]] = attrs.field(factory=list, init=False)
    _failed: dict[str, None] = attrs.field(factory=dict, init=False)

    def start(self, run: Run) -> None:
        lap: dict[str, float] = {}
        for name, spec in ((AIOHTTP.name, AIOHTTP), (SDK.name, SDK), (_UVLOOP.name, _UVLOOP), (AGAIN, AIOHTTP)):
            if missing_package(spec.install.packages) is not None or (run.effort.quick and spec is _UVLOOP):
                continue
            try:
                lap[name] = self._ask(run, spec)
            except ChildFailed as error:
                self._failed[f"{spec.name}: {error}"] = None
        if AIOHTTP.name in lap:
            self._starts.append([lap])

    def _ask(self, run: Run, spec: Spec) -> float:
        arguments = {"module": spec.module, "install": spec.install.name, "base_url": run.server.base_url}
        taken = run_errand("benchmarks.memory.in_flight:hold", arguments, install=spec.install, variables=PLAIN_HEAP)
        return float(taken["growth"]) / CALLS

    def sections(self) -> list[Section]:
        columns = {COLUMN: self._starts} if self._starts else {}
        return [attrs.evolve(section(KEY, self.title, "KB", 1e3, columns), failed=tuple(self._failed))]


def hold(module: str, install: str, base_url: str) -> dict[str, Any]:
    """Make the calls and say by how many MB the process grew."""
    make = importlib.import_module(f"benchmarks.contenders.{module}").Contender
    with asyncio.Runner(loop_factory=loop_factory(INSTALLS[install])) as runner:
        return {"growth": runner.run(_hold(make(), make(), base_url))}


async def _hold(warm: AsyncContender, contender: AsyncContender, base_url: str) -> float:
    # Everything is loaded and has run before it counts.
    await warm.open(base_url, OPERATIONS["hot threads 1 KB"])
    for _ in range(3):
        await warm.call()
    await warm.close()
    await contender.open(base_url, HELD)
    place = urlsplit(base_url)
    controls = HTTPConnection(place.hostname or "", place.port, timeout=30)

    def ask(path: str) -> int:
        controls.request("GET", path)
        return int(controls.getresponse().read())

    calls: list[asyncio.Future[Any]] = []

    async def call_until(count: int) -> float:
        """The resident set with so many calls in flight."""
        calls.extend(asyncio.ensure_future(contender.call()) for _ in range(count - len(calls)))
        while ask(WAITING_PATH) < count:
            await asyncio.sleep(0.02)
        gc.collect()
        return resident()

    before = await call_until(CALLS_BEFORE)
    growth = await call_until(CALLS_BEFORE + CALLS) - before
    ask(RELEASE_PATH)
    for result in await asyncio.gather(*calls):
        assert contender.rows(result) == HELD.rows
    await contender.close()
    controls.close()
    return growth
