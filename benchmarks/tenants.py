"""``python -m benchmarks.tenants``: many tenants on one client of each vendor, and what their copies cost.

A local server stands for the vendor. Each figure stands beside the most it may be; the exit code is 1 if one is more.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import timeit
import tracemalloc
from collections.abc import Callable
from typing import Any

import attrs
from aiohttp import web

from bukalapak_async import AsyncBukalapak
from kaskus_async import AsyncKaskus
from nusantara.limits import RateLimits
from qiscus_async import AsyncQiscus

__all__ = ["COPIES", "Figures", "measure"]

TENANTS = 300
CALLS = 1_000
NOISY = 1_000
COPIES: dict[str, tuple[Callable[..., Any], str]] = {
    "bukalapak": (AsyncBukalapak, "with_user"),
    "kaskus": (AsyncKaskus, "with_token"),
    "qiscus": (AsyncQiscus, "with_app"),
}


@attrs.frozen(kw_only=True)
class Figures:
    """What was found for one vendor."""

    answered: int
    """Of :data:`CALLS` in flight at once, by :data:`TENANTS` tenants."""
    connections: int
    """Open at the same time, at the most, with 20 allowed."""
    copy_bytes: float
    option_copy_bytes: float
    copy_seconds: float
    option_copy_seconds: float
    alone: float
    """Seconds of a call of a quiet tenant while nobody else calls."""
    beside_limited: float
    """The same beside :data:`NOISY` queued calls of another, which has a limit."""
    beside_unlimited: float
    """The same beside one without a limit, on two connections."""


class Server:
    """Answers everything after a moment, and counts connections."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._connections: set[Any] = set()
        self.most_connections = 0
        """Open at the same time."""

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if request.transport not in self._connections:
            self._connections = {one for one in self._connections if not one.is_closing()} | {request.transport}
            self.most_connections = max(self.most_connections, len(self._connections))
        await asyncio.sleep(self._seconds)
        return web.json_response({"status": "OK", "results": {}})

    async def __aenter__(self) -> Server:
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._runner.cleanup()


def _copy(client: Any, vendor: str, number: int, **settings: Any) -> Any:
    return getattr(client, COPIES[vendor][1])(f"toko-{number}", f"rahasia-{number}-1945", **settings)


async def measure(vendor: str, tenants: int = TENANTS, calls: int = CALLS) -> Figures:
    """All figures of one vendor."""
    make = COPIES[vendor][0]
    async with Server(0.005) as server:
        async with make("utama", "rahasia-1945", base_url=server.base_url, max_connections=20) as client:
            copies = [_copy(client, vendor, number) for number in range(tenants)]
            answers = await asyncio.gather(*(copies[n % tenants].request("GET", f"/{n}") for n in range(calls)))
        connections = server.most_connections
        limits = RateLimits(200)
        alone = await _wait_of_quiet(make, vendor, server, noisy=0)
        limited = await _wait_of_quiet(make, vendor, server, noisy=NOISY, limits=limits)
        unlimited = await _wait_of_quiet(make, vendor, server, noisy=NOISY)
    own = make("utama", "rahasia-1945")
    return Figures(
        answered=sum(answer.status == 200 for answer in answers),
        connections=connections,
        copy_bytes=_memory(lambda: _copy(own, vendor, 7)),
        option_copy_bytes=_memory(own.with_options),
        copy_seconds=_seconds(lambda: _copy(own, vendor, 7)),
        option_copy_seconds=_seconds(own.with_options),
        alone=alone,
        beside_limited=limited,
        beside_unlimited=unlimited,
    )


async def _wait_of_quiet(
    make: Callable[..., Any], vendor: str, server: Server, *, noisy: int, limits: RateLimits | None = None
) -> float:
    """Seconds of the median call of a tenant, beside the queue of another."""
    async with make("utama", "rahasia-1945", base_url=server.base_url, max_connections=2) as client:
        loud = _copy(client, vendor, 1, rate_limit=None if limits is None else limits["loud"])
        quiet = _copy(client, vendor, 2, rate_limit=None if limits is None else limits["quiet"])
        tasks = [asyncio.create_task(loud.request("GET", "/loud")) for _ in range(noisy)]
        await asyncio.sleep(0.05)
        times = []
        for _ in range(9):
            begun = time.perf_counter()
            await quiet.request("GET", "/quiet")
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return sorted(times)[len(times) // 2]


def _memory(make: Callable[[], Any]) -> float:
    """Bytes that one more of them takes."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = [make() for _ in range(500)]
        return (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    finally:
        tracemalloc.stop()


def _seconds(make: Callable[[], Any]) -> float:
    """Of the processor, for one of them."""
    return min(timeit.repeat(make, number=1_000, repeat=15, timer=time.process_time)) / 1_000


def main() -> int:
    """Measure and print."""
    worst = 0
    for vendor in COPIES:
        found = asyncio.run(measure(vendor))
        rows = [
            (f"answered of {CALLS} calls of {TENANTS} tenants", -found.answered, -CALLS, "", -1.0),
            ("connections, of 20", found.connections, 20, "", 1.0),
            ("memory of a tenant's copy", found.copy_bytes, 2_048, "B", 1.0),
            ("memory of with_options()", found.option_copy_bytes, 2_048, "B", 1.0),
            ("making a tenant's copy", found.copy_seconds, 20e-6 if vendor == "qiscus" else 5e-6, "us", 1e6),
            ("making with_options()", found.option_copy_seconds, 5e-6, "us", 1e6),
            ("more wait beside a noisy tenant with a limit", found.beside_limited - found.alone, 0.02, "ms", 1e3),
            ("more wait beside one without", found.beside_unlimited - found.alone, 0.02, "ms", 1e3),
        ]
        print(vendor)
        for name, value, most, unit, scale in rows:
            worst |= value > most
            mark = "  <-- more than it may be" if value > most else ""
            print(f"  {name:46} {value * scale:9.2f} {unit:2} (may be {most * scale:g}){mark}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
