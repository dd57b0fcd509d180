"""``python -m benchmarks.soak [--calls N] [--json]``: what long use under faults leaves behind.

Mixed calls of all three vendors, JSON and XML, reads and writes, from tasks and from threads, against the sandbox in a
process of its own. Every tenth block of calls is free of faults; in the others every fiftieth call meets one. Some
faults cost a pause, some a new connection, some only time.

Bounds, checked at the end; exit code 1 if one is broken:

- memory: less than 1 MiB more for each 100,000 calls, by the slope over all blocks after the first tenth;
- descriptors: after each block no more than the pools may keep, and after closing as many as at the start;
- latency: the 99th percentile with faults at most three times that without;
- errors: nothing but the library's own, and none that faults do not explain.

The full run has 200,000 calls and takes about ten minutes. A short one finds a leak of descriptors; for the slope of
memory it says little.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import math
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

import attrs

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import NusantaraError
from nusantara.sync.portal import shared
from qiscus_async import AsyncQiscus, Qiscus

TASKS, THREADS = 24, 4
POOL = 16
"""Connections of each client."""
BLOCK = 2_000
FREE_OF_FAULTS = 10
"""One block in so many."""
SHARE = 0.02
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_after_execute"},
    {"kind": "cut_body"},
    {"kind": "status", "status": 503},
    {"kind": "reset_after_read", "method": "POST"},
    {"kind": "close_after_answer"},
    {"kind": "relabel", "headers": [["Content-Type", "text/html; charset=utf-8"]]},
    {"kind": "extra_answer"},
    {"kind": "latency", "seconds": 0.02},
)
MAX_SLOPE = 1024.0
"""KiB for each 100,000 calls."""
MAX_RATIO = 3.0
PAGE = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4


class Latencies:
    """Counts by size, in steps of 2 %: a list of all would itself be memory that grows."""

    def __init__(self) -> None:
        self._counts = [0] * 1024

    def add(self, seconds: float) -> None:
        self._counts[max(0, min(1023, round(math.log(max(seconds, 1e-5) * 1e5, 1.02))))] += 1

    def percentile(self, share: float = 0.99) -> float:
        """Seconds."""
        left = share * sum(self._counts)
        for step, count in enumerate(self._counts):
            left -= count
            if left <= 0:
                return float(1.02**step / 1e5)
        return 0.0


@attrs.define
class Block:
    """What one block of calls came to."""

    faulty: bool
    calls: int
    errors: Counter[str] = attrs.field(factory=Counter)
    resident: int = 0
    """KiB after it."""
    descriptors: int = 0


@attrs.frozen
class Judged:
    """One bound and what was measured."""

    name: str
    measured: str
    bound: str
    kept: bool


# --- The sandbox


class Sandbox:
    """In a process of its own."""

    def __init__(self, first_line: str) -> None:
        self.credentials: dict[str, Any] = json.loads(first_line)

    def control(self, method: str, path: str, document: Any = None) -> None:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.credentials['base_url']}/_sandbox/{path}", body, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as response:
            response.read()

    def begin_block(self, faulty: bool) -> None:
        """Forget what the last one has left there, so that the sandbox does not grow and slow down."""
        self.control("POST", "reset")
        for fault in FAULTS if faulty else ():
            self.control("POST", "faults", {**fault, "probability": SHARE / len(FAULTS)})


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    child = subprocess.Popen(
        [sys.executable, "-m", "nusantara.sandbox", "--json", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        yield Sandbox(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(10)


# --- The calls


@asynccontextmanager
async def async_calls(keys: dict[str, Any]) -> AsyncIterator[list[Callable[[int], Awaitable[Any]]]]:
    """The mix, one call each; what stands here twice is made twice as often."""
    at: dict[str, Any] = {"base_url": keys["base_url"], "max_connections": POOL}
    k, b, q = keys["kaskus"], keys["bukalapak"], keys["qiscus"]
    signed = {"token": k["token"], "token_secret": k["token_secret"]}
    async with (
        AsyncBukalapak(b["user_id"], b["token"], **at) as shop,
        AsyncQiscus(q["app_id"], q["secret_key"], settling_time=0.01, **at) as chat,
        AsyncKaskus(k["consumer_key"], k["consumer_secret"], **signed, **at) as forum,
        AsyncKaskus(k["consumer_key"], k["consumer_secret"], **signed, output="xml", **at) as forum_in_xml,
    ):
        inbox = await shop.messages.inbox()
        partner = inbox.items[0].partner_id
        user = (await chat.users.list_all()).items[0].email
        room = (await chat.rooms.of_user(user)).items[0].id
        thread = (await forum.threads.hot()).data[0].thread_id
        yield [
            lambda n: shop.messages.inbox().first(),
            lambda n: shop.messages.inbox().first(),
            lambda n: shop.messages.create(partner, f"Pesan {n}"),
            lambda n: chat.messages.load(room).first(),
            lambda n: chat.messages.load(room).first(),
            lambda n: chat.rooms.of_user(user).first(),
            lambda n: chat.messages.post(room, user, f"Pesan {n}"),
            lambda n: forum.threads.hot(),
            lambda n: forum.threads.read(thread).first(),
            lambda n: forum_in_xml.threads.hot(),
            lambda n: forum.posts.create(thread, f"Pesan {n}"),
        ]


@contextmanager
def sync_calls(keys: dict[str, Any]) -> Iterator[list[Callable[[int], Any]]]:
    """A few of the same through the sync clients."""
    at: dict[str, Any] = {"base_url": keys["base_url"], "max_connections": POOL}
    k, b, q = keys["kaskus"], keys["bukalapak"], keys["qiscus"]
    with (
        Bukalapak(b["user_id"], b["token"], **at) as shop,
        Qiscus(q["app_id"], q["secret_key"], **at) as chat,
        Kaskus(k["consumer_key"], k["consumer_secret"], **at) as forum,
    ):
        yield [
            lambda n: shop.messages.inbox().first(),
            lambda n: chat.users.list_all().first(),
            lambda n: forum.threads.hot(),
        ]


async def run_block(block: Block, latencies: Latencies, calls: list[Any], in_threads: list[Any]) -> None:
    numbers = itertools.count()
    chosen = random.Random(0)

    def note(began: float, error: BaseException | None) -> None:
        latencies.add(time.perf_counter() - began)
        if error is not None:
            block.errors[type(error).__name__ if isinstance(error, NusantaraError) else f"ALIEN {error!r}"] += 1

    async def task() -> None:
        while (number := next(numbers)) < block.calls:
            began, error = time.perf_counter(), None
            try:
                await chosen.choice(calls)(number)
            except Exception as caught:
                error = caught
            note(began, error)

    def thread() -> None:
        while (number := next(numbers)) < block.calls:
            began, error = time.perf_counter(), None
            try:
                in_threads[number % len(in_threads)](number)
            except Exception as caught:
                error = caught
            note(began, error)

    await asyncio.gather(*(task() for _ in range(TASKS)), *(asyncio.to_thread(thread) for _ in range(THREADS)))


# --- What is left behind


def resident() -> int:
    """KiB of this process, without what only waits to be collected."""
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def slope(blocks: list[Block]) -> float:
    """KiB of memory for each 100,000 calls."""
    done = list(itertools.accumulate(block.calls for block in blocks))
    warm = len(blocks) // 10
    if len(blocks) - warm < 3:
        return 0.0
    line = statistics.linear_regression(done[warm:], [block.resident for block in blocks[warm:]])
    return line.slope * 100_000


def judge(blocks: list[Block], slow: float, usual: float, opened: int, closed: int) -> list[Judged]:
    growth = slope(blocks)
    most = max(block.descriptors for block in blocks)
    # The kept connections of all clients, in each of their two pools, and what each of the two loops needs.
    allowed = opened + 7 * 2 * POOL + 8
    errors = sum((block.errors for block in blocks), Counter[str]())
    aliens = {name: count for name, count in errors.items() if name.startswith("ALIEN")}
    unexplained = sum(sum(block.errors.values()) for block in blocks if not block.faulty)
    return [
        Judged("memory", f"{growth:+.0f} KiB for 100,000 calls", f"under {MAX_SLOPE:.0f}", growth < MAX_SLOPE),
        Judged("descriptors, at most", str(most), f"at most {allowed}", most <= allowed),
        Judged("descriptors, in the end", str(closed), f"the {opened} of the start", closed <= opened),
        Judged(
            "99th percentile",
            f"{slow * 1000:.0f} ms with faults, {usual * 1000:.0f} ms without",
            f"at most {MAX_RATIO:g} times",
            slow <= MAX_RATIO * usual,
        ),
        Judged("errors of others", str(aliens or 0), "none", not aliens),
        Judged("errors without faults", str(unexplained), "none", unexplained == 0),
    ]


async def soak(calls: int, tell: Callable[[str], None]) -> tuple[list[Block], list[Judged]]:
    blocks: list[Block] = []
    latencies = {True: Latencies(), False: Latencies()}
    sizes = [BLOCK] * (calls // BLOCK) + [calls % BLOCK] * bool(calls % BLOCK)
    with sandbox() as vendor:
        opened = descriptors()
        in_threads = ExitStack()
        async with async_calls(vendor.credentials) as mix:
            few = await asyncio.to_thread(in_threads.enter_context, sync_calls(vendor.credentials))
            for number, size in enumerate(sizes):
                block = Block(faulty=number % FREE_OF_FAULTS != 1, calls=size)
                await asyncio.to_thread(vendor.begin_block, block.faulty)
                await run_block(block, latencies[block.faulty], mix, few)
                block.resident, block.descriptors = resident(), descriptors()
                blocks.append(block)
                done = sum(one.calls for one in blocks)
                tell(f"{done:>8,} calls, {block.resident:>8,} KiB, {block.descriptors:>4} descriptors")
            await asyncio.to_thread(in_threads.close)
        shared().close()
        await asyncio.sleep(0.2)
        closed = descriptors()
    slow, usual = (latencies[faulty].percentile() for faulty in (True, False))
    return blocks, judge(blocks, slow, usual, opened, closed)


def main() -> int:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.soak", description="What long use under faults leaves behind."
    )
    parser.add_argument("--calls", type=int, default=200_000, metavar="N", help="calls in all (200,000)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    arguments = parser.parse_args()
    if not os.path.isdir("/proc/self/fd"):
        print("this needs /proc, which this system does not have", file=sys.stderr)
        return 2
    began = time.monotonic()
    blocks, judged = asyncio.run(soak(arguments.calls, lambda line: print(line, file=sys.stderr, flush=True)))
    minutes = (time.monotonic() - began) / 60
    errors = sum((block.errors for block in blocks), Counter[str]())
    made = sum(block.calls for block in blocks)
    if arguments.json:
        bounds = [attrs.asdict(one) for one in judged]
        print(json.dumps({"calls": made, "minutes": minutes, "errors": errors, "bounds": bounds}))
    else:
        print(f"{made:,} calls in {minutes:.1f} minutes; errors: {dict(errors) or 'none'}")
        for one in judged:
            print(f"{'kept' if one.kept else 'BROKEN':<7} {one.name:<24} {one.measured} ({one.bound})")
    return 0 if all(one.kept for one in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
