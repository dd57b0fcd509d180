"""A file of 200 MB: what fetching it costs, and how much memory it takes."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

import attrs

from benchmarks.answers.comments import APP_ID, SECRET_KEY
from benchmarks.errand import run_errand
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.installs import BASE, INSTALLS, UVLOOP, Install, loop_factory, missing_package
from benchmarks.memory.resident import forget_peak, peak, resident
from benchmarks.processes import PLAIN_HEAP, ChildFailed
from benchmarks.run import Run
from benchmarks.site import FILE_PATH, FILE_ROWS, FILE_SIZE, TRANSFERS_BASE

__all__ = ["COLUMN", "COST", "KEY", "MEMORY", "SDK", "SDK_UVLOOP", "Downloads", "fetch"]

KEY = "download"
LAPS = 2
"""In each start. Every download has a process of its own; what it costs and how much memory it takes are looked at in
two, because the luck of the heap makes aiohttp's reading up to five times as dear."""
COST = KEY
MEMORY = f"{KEY} memory"
COLUMN = "200 MB"

REFERENCE = "aiohttp, 64 KiB chunks, to a file"
SDK = "this SDK, to a file"
SDK_UVLOOP = "this SDK, uvloop, to a file"
_KIB = 1024
_PIECE = bytes(_KIB * _KIB)

_WAYS: dict[str, tuple[str, Install]] = {
    REFERENCE: ("aiohttp_to_file", BASE),
    AGAIN: ("aiohttp_to_file", BASE),
    SDK: ("sdk", BASE),
    SDK_UVLOOP: ("sdk", UVLOOP),
    "aiohttp, 1 MiB chunks, to a file": ("aiohttp_to_file_large", BASE),
    "aiohttp, 64 KiB chunks, thrown away": ("aiohttp_thrown_away", BASE),
}
_FETCH = "benchmarks.memory.download:fetch"
_QUICK = (REFERENCE, AGAIN, SDK)


@attrs.define(slots=True)
class Downloads:
    """CPU of a download to a file, next to aiohttp that does the same, and the growth of the resident set."""

    key: str = attrs.field(default=KEY, init=False)
    title: str = attrs.field(default="Download of a file", init=False)
    quick: bool = attrs.field(default=True, init=False)
    once: bool = attrs.field(default=False, init=False)
    _cost: list[list[Lap]] = attrs.field(factory=list, init=False)
    _memory: list[list[Lap]] = attrs.field(factory=list, init=False)
    _busy: dict[str, float] = attrs.field(factory=dict, init=False)
    _failed: dict[str, None] = attrs.field(factory=dict, init=False)

    def start(self, run: Run) -> None:
        laps = [self._lap(run, _QUICK if number or run.effort.quick else _WAYS) for number in range(LAPS)]
        laps = [lap for lap in laps if REFERENCE in lap]
        if laps:
            self._cost.append([{name: taken["cost"] for name, taken in lap.items()} for lap in laps])
            # The noise of so little memory is shown by the starts.
            self._memory.append(
                [{name: taken["growth"] for name, taken in lap.items() if name != AGAIN} for lap in laps]
            )

    def _lap(self, run: Run, names: Iterable[str]) -> dict[str, dict[str, float]]:
        lap: dict[str, dict[str, float]] = {}
        for name in names:
            way, install = _WAYS[name]
            if missing_package(install.packages) is not None:
                continue
            arguments = {"way": way, "install": install.name, "base_url": run.server.base_url}
            before = run.server.clock()
            try:
                taken = run_errand(_FETCH, arguments, install=install)
                busy = (run.server.clock() - before) / taken["wall"]
                growth = run_errand(_FETCH, arguments, install=install, variables=PLAIN_HEAP)["growth"]
            except ChildFailed as error:
                self._failed[f"{name}: {error}"] = None
                continue
            self._busy[name] = max(self._busy.get(name, 0.0), busy)
            lap[name] = {"cost": taken["cpu"] / FILE_SIZE, "growth": growth}
        return lap

    def sections(self) -> list[Section]:
        if not self._cost:
            return [attrs.evolve(section(KEY, self.title, "s", 1, {}), failed=tuple(self._failed))]
        shares = ", ".join(f"{name} {share:.0%}" for name, share in self._busy.items() if name != AGAIN)
        return [
            attrs.evolve(
                section(COST, f"{self.title}: CPU per GB", "s", 1e9, {COLUMN: self._cost}),
                notes=(f"The server's core was busy at most: {shares}.",),
                failed=tuple(self._failed),
            ),
            section(
                MEMORY, f"{self.title}: growth of the peak above the idle process", "MB", 1, {COLUMN: self._memory}
            ),
        ]


def fetch(way: str, install: str, base_url: str) -> dict[str, Any]:
    """Fetch the file once: CPU and wall seconds, and by how many MB the process grew at its peak."""
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=loop_factory(INSTALLS[install])) as runner,
    ):
        target = Path(folder) / "file.json"
        _make_room(target)
        return runner.run(_FETCHERS[way](base_url, target))


def _make_room(target: Path) -> None:
    """Write such a file and delete it again.

    A virtual machine gives memory that it has not used for some seconds back to its host. To get it again takes longer
    than the download, and falls to whoever comes first.
    """
    with target.open("wb", buffering=0) as file:
        for _ in range(0, FILE_SIZE, len(_PIECE)):
            file.write(_PIECE)
    target.unlink()


async def _measured(work: Callable[[], Awaitable[int]]) -> dict[str, Any]:
    gc.collect()
    forget_peak()
    before, cpu, wall = resident(), time.process_time(), time.perf_counter()
    size = await work()
    taken = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "growth": peak() - before,
    }
    assert size == FILE_SIZE
    return taken


async def _with_aiohttp(base_url: str, chunk: int, target: Path | None) -> dict[str, Any]:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base_url}{TRANSFERS_BASE}/api/v2/rest/exports/1") as response:
            await response.json()

        async def work() -> int:
            count = 0
            async with session.get(base_url + FILE_PATH) as response:
                if target is None:
                    async for piece in response.content.iter_chunked(chunk):
                        count += len(piece)
                    return count
                with target.open("wb") as file:
                    async for piece in response.content.iter_chunked(chunk):
                        count += file.write(piece)
            return count

        return await _measured(work)


async def _with_sdk(base_url: str, target: Path) -> dict[str, Any]:
    from qiscus_async import AsyncQiscus

    async with AsyncQiscus(APP_ID, SECRET_KEY, base_url=base_url + TRANSFERS_BASE) as qiscus:
        export = await qiscus.exports.get("ekspor-contoh")

        async def work() -> int:
            return (await qiscus.exports.download(export, target)).size

        return await _measured(work)


async def _rows_with_sdk(base_url: str, target: Path) -> dict[str, Any]:
    """Fetch it, and then read it row by row, which is what the memory is of."""
    from qiscus_async import AsyncQiscus

    async with AsyncQiscus(APP_ID, SECRET_KEY, base_url=base_url + TRANSFERS_BASE) as qiscus:
        done = await qiscus.exports.download(await qiscus.exports.get("ekspor-contoh"), target)

        async def work() -> int:
            rows = 0
            async for page in qiscus.exports.rows(done.path).pages():
                rows += len(page.items)
            assert rows == FILE_ROWS
            return done.size

        return await _measured(work)


_FETCHERS: dict[str, Callable[[str, Path], Coroutine[Any, Any, dict[str, Any]]]] = {
    "aiohttp_thrown_away": lambda base_url, target: _with_aiohttp(base_url, 64 * _KIB, None),
    "aiohttp_to_file": lambda base_url, target: _with_aiohttp(base_url, 64 * _KIB, target),
    "aiohttp_to_file_large": lambda base_url, target: _with_aiohttp(base_url, _KIB * _KIB, target),
    "sdk": _with_sdk,
    "sdk_rows": _rows_with_sdk,
}
