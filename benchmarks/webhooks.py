"""``python -m benchmarks.webhooks [--rate N] [--seconds N] [--rounds N]``

How long the sender of an event waits for its acknowledgement while every handler sleeps for a second. Events are sent
at a fixed rate, whether earlier ones are answered or not, and the wait counts from the moment an event was due: a
receiver that stalls cannot hide it. The bar is a 99th percentile under 50 ms, in the median of several rounds.

The first row is no receiver of ours: what it takes is what the machine takes. Where that is much, the others say
little.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

import aiohttp
import attrs
from aiohttp import web

from benchmarks import machine
from benchmarks.processes import ROOT, end_in_time, pin, pinned
from qiscus_async.webhooks import SIGNATURE_HEADER, Event, MemoryDedupStore, Receiver, sign

__all__ = ["main"]

BAR = 50.0
"""Milliseconds."""
BUSY = 10.0
"""The same for the first row, from which on the machine is too busy to tell."""
HANDLER = 1.0
ROOMS = 1000
KEY = "key of the benchmark"


@attrs.frozen
class Case:
    """One row."""

    title: str
    receiver: str
    """What answers: one of the functions in :data:`RECEIVERS`."""
    kept: bool
    """Whether the sender keeps its connections."""


CASES = (
    Case("bare aiohttp handler that reads the body", "bare", True),
    Case("receiver", "plain", True),
    Case("receiver, a connection for each event", "plain", False),
    Case("receiver with signature and deduplication", "careful", True),
)


# --- The receiver's process


async def _slow(event: Event) -> None:
    await asyncio.sleep(HANDLER)


async def _bare() -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.to_thread(sys.stdin.read)


async def _serve(receiver: Receiver) -> None:
    async with receiver.serving() as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(attrs.asdict(receiver.counts)), flush=True)
        await receiver.aclose(0.001)


async def _plain() -> None:
    await _serve(Receiver(_slow, on_error=lambda event, error: None))


async def _careful() -> None:
    store = MemoryDedupStore()
    await _serve(Receiver(_slow, on_error=lambda event, error: None, signature_key=KEY, dedup_store=store))


RECEIVERS = {"bare": _bare, "plain": _plain, "careful": _careful}


# --- The sender's process


def _body(number: int) -> bytes:
    room = 1 + number % ROOMS
    document = {
        "type": "post_comment_mobile",
        "payload": {
            "from": {"id": 3, "email": "sari@toko.example", "name": "Sari"},
            "room": {"id": room, "topic_id": room, "type": "single", "name": "Sari", "participants": []},
            "message": {"id": number, "type": "text", "text": "Halo, pesanan saya sampai mana?", "payload": {}},
        },
    }
    return json.dumps(document).encode()


async def _waits(url: str, rate: float, seconds: float, *, kept: bool) -> list[float]:
    """Milliseconds from the moment each event was due to its acknowledgement."""
    found: list[float] = []
    connector = aiohttp.TCPConnector(limit=0, force_close=not kept)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(number: int, due: float) -> None:
            body = _body(number)
            headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign(body, KEY)}
            async with session.post(url, data=body, headers=headers) as answer:
                if answer.status != 200:
                    raise SystemExit(f"the receiver answered {answer.status}")
            found.append((time.perf_counter() - due) * 1000)

        async with asyncio.TaskGroup() as group:
            begun = time.perf_counter() + 0.1
            for number in range(1, int(rate * seconds) + 1):
                due = begun + number / rate
                await asyncio.sleep(due - time.perf_counter())
                group.create_task(send(number, due))
    return found


def _measure(case: Case, rate: float, seconds: float) -> tuple[list[float], str]:
    """The waits, and what the receiver says of itself."""
    with (
        pinned(0),
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.webhooks", "--serve", case.receiver],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise SystemExit("the receiver did not start")
        # The first events meet an interpreter that has not run this code before.
        asyncio.run(_waits(url, rate, 0.2, kept=case.kept))
        waits = asyncio.run(_waits(url, rate, seconds, kept=case.kept))
        said = process.communicate(timeout=60)[0]
    return waits, said


@attrs.define
class _Row:
    """What the rounds of a case came to."""

    events: int = 0
    p50: list[float] = attrs.field(factory=list)
    p99: list[float] = attrs.field(factory=list)
    worst: float = 0.0
    waiting: int = 0

    def add(self, waits: Sequence[float], said: str) -> None:
        cuts = statistics.quantiles(waits, n=100)
        self.events += len(waits)
        self.p50.append(cuts[49])
        self.p99.append(cuts[98])
        self.worst = max(self.worst, *waits)
        if said:
            counts = json.loads(said)
            self.waiting = max(self.waiting, counts["accepted"] - counts["handled"])

    @property
    def typical(self) -> float:
        return statistics.median(self.p99)

    def text(self, title: str) -> str:
        columns = (statistics.median(self.p50), self.typical, max(self.p99), self.worst)
        return f"{title:<44}{self.events:>8}{''.join(f'{column:>10.2f}' for column in columns)}{self.waiting:>10}"


def main() -> int:
    """Measure and print; 1 if a receiver is over the bar on a machine that is not too busy."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhooks", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--rate", type=float, default=200.0, help="events a second (200)")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each row in each round (2)")
    parser.add_argument("--rounds", type=int, default=5, help="(5)")
    parser.add_argument("--serve", choices=RECEIVERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    end_in_time()
    if arguments.serve:
        # That it ends with events waiting is meant.
        logging.disable(logging.CRITICAL)
        asyncio.run(RECEIVERS[arguments.serve]())
        return 0
    for name, value in machine.facts().items():
        if name != "heap":
            print(f"{name:<12}{value}")
    pin(1)
    print(f"\n{arguments.rate:g} events a second, each handled in {HANDLER:g} s; milliseconds until acknowledged\n")
    heads = ("p50", "p99", "worst p99", "max", "waiting")
    print(f"{'':<44}{'events':>8}{''.join(f'{head:>10}' for head in heads)}")
    rows = {case: _Row() for case in CASES}
    for _ in range(arguments.rounds):
        for case, row in rows.items():
            row.add(*_measure(case, arguments.rate, arguments.seconds))
    for case, row in rows.items():
        print(row.text(case.title))
    bare, *receivers = rows.values()
    busy, over = bare.typical >= BUSY, any(row.typical >= BAR for row in receivers)
    print(f"\np99 under {BAR:g} ms: {'the machine is too busy to tell' if busy else 'NO' if over else 'yes'}")
    return 1 if over and not busy else 0


if __name__ == "__main__":
    sys.exit(main())
