"""What strangers and long runs can fill is bounded: heads, connections, the log, faults, deliveries."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nusantara.errors import InvalidParameter
from nusantara.sandbox import Delivery, Fault, FaultKind, Sandbox
from nusantara.sandbox.faults import MOST_BYTES, MOST_FAULTS
from nusantara.sandbox.log import RequestLog
from nusantara.sandbox.outbox import Outbox
from nusantara.sandbox.wire import HEAD_LIMIT, Bodies

Dial = Callable[[], Awaitable[Any]]
REQUEST = b"GET /v1/messages.json HTTP/1.1\r\nHost: localhost\r\n"


def entry(log: RequestLog, body: bytes) -> Any:
    made = log.add(method="POST", target="/", headers=(), vendor=None, operation=None)
    made.update(body=body)
    return made


def test_the_log_keeps_the_newest_requests_within_its_bytes() -> None:
    log = RequestLog(limit=100, size=1_000)
    for number in range(1, 50):
        entry(log, b"x" * 99).update(status=number)
    kept = log.snapshot()
    assert [record.status for record in kept] == list(range(40, 50))
    assert sum(record.size for record in kept) <= 1_000
    entry(log, b"y" * 5_000)
    assert [len(record.body) for record in log.snapshot()] == [5_000]
    late = entry(log, b"z")
    log.reset()
    late.update(status=200)
    assert log.snapshot() == []
    entry(log, b"x" * 900)
    assert len(log.snapshot()) == 1


def test_the_log_counts_a_record_once_however_often_it_changes() -> None:
    log = RequestLog(limit=100, size=1_000)
    first, second = entry(log, b"a" * 400), entry(log, b"b" * 400)
    for status in range(200, 260):
        first.update(status=status)
        second.update(status=status)
    assert [record.status for record in log.snapshot()] == [259, 259]


def test_faults_are_bounded_in_number_and_bytes() -> None:
    faults = Sandbox(vendors=[]).faults
    faults.add(Fault.answer(200, b"x" * (MOST_BYTES - 10)))
    faults.add(Fault.answer(200, b"x" * 10))
    with pytest.raises(InvalidParameter, match="together"):
        faults.add(Fault.answer(200, b"x"))
    faults.clear()
    half = "x" * (MOST_BYTES // 2)
    for more in ({"headers": {"X": half}}, {"headers": {half: ""}}, {"path": half}, {"operation": half}):
        faults.add(Fault(kind=FaultKind.STATUS, path=half))
        with pytest.raises(InvalidParameter, match="together"):
            faults.add(Fault(kind=FaultKind.STATUS, body="x", **more))
        faults.clear()
    for _ in range(MOST_FAULTS):
        faults.add(Fault.latency(0))
    with pytest.raises(InvalidParameter, match="already"):
        faults.add(Fault.latency(0))
    faults.reset()
    faults.add(Fault.answer(200, b"x" * MOST_BYTES))


def test_what_a_record_takes_is_what_is_counted() -> None:
    log = RequestLog()
    tracemalloc.start()
    try:
        for number in range(50):
            log.add(method="GET", target=f"/{number}?" + "a&" * 30_000, headers=(), vendor=None, operation=None)
        assert tracemalloc.get_traced_memory()[0] < 2 * sum(record.size for record in log.snapshot())
    finally:
        tracemalloc.stop()
    assert log.snapshot()[0].query[:2] == (("a", ""), ("a", ""))


NO_HTTP = {
    "version": b"GET /" + b"x" * 60_000 + b" HTTP/9.9\r\n\r\n",
    "header without a colon": REQUEST + b"Z" * 60_000 + b"\r\n\r\n",
    "NULs": REQUEST + b"X: " + b"\0" * 60_000 + b"\r\n\r\n",
    "long line": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "chunk": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZ" + b"q" * 60_000 + b"\r\n",
}


@pytest.mark.parametrize("data", NO_HTTP.values(), ids=NO_HTTP)
async def test_what_is_not_http_is_hardly_shown(dial: Dial, caplog: pytest.LogCaptureFixture, data: bytes) -> None:
    caplog.set_level(logging.DEBUG)
    line = await dial()
    line.send(data)
    heard = await line.hear()
    assert heard.status == 400
    assert len(heard.data) < 1_000
    assert sum(len(record.getMessage()) + len(record.exc_text or "") for record in caplog.records) < 1_000


async def test_deliveries_are_bounded_and_counted_on() -> None:
    outbox = Outbox(limit=5, size=1_000)
    outbox.open(asyncio.get_running_loop())
    for _ in range(9):
        outbox.post("x", "http://127.0.0.1:1/", b"x" * 150, ())
        await asyncio.sleep(0)
        await outbox.idle()
    assert len(outbox.deliveries) == 5
    found, count = outbox.deliveries_from(7)
    assert (len(found), count) == (2, 9)
    assert len(outbox.deliveries_from(0)[0]) == 5
    assert all(isinstance(delivery, Delivery) for delivery in found)
    await outbox.close()


@pytest.mark.parametrize("piece", [b"X-Long: " + b"x" * 60_000 + b"\r\n", b"X: y\r\n" * 100])
async def test_a_head_without_end_is_refused(dial: Dial, piece: bytes) -> None:
    line = await dial()
    line.send(REQUEST + piece * (HEAD_LIMIT // len(piece) + 1))
    heard = await line.hear()
    assert (heard.status, heard.end) in {(431, "closed"), (431, "reset"), (400, "closed"), (400, "reset")}


async def test_the_limit_is_for_each_head_and_not_for_bodies(dial: Dial, request_bytes: Any) -> None:
    line = await dial()
    large = b"x" * (2 * HEAD_LIMIT)
    for _ in range(3):
        line.send(request_bytes("POST", "/v1/messages.json", large, X_Long="y" * 50_000))
        assert (await line.answer()).status == 200
    for piece in (b"\r\n", *(request_bytes("GET", "/v1/messages.json")[i : i + 1] for i in range(40))):
        line.send(piece)
        await asyncio.sleep(0)
    line.send(request_bytes("GET", "/v1/messages.json")[40:])
    assert (await line.answer()).status == 200


async def test_a_head_that_does_not_end_in_time_is_cut() -> None:
    async with Sandbox(idle_timeout=0.3) as sandbox:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(REQUEST)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.transport.abort()


async def test_connections_beyond_the_limit_are_reset_and_others_served_again() -> None:
    async with Sandbox(max_connections=3) as sandbox:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")

        async def status() -> str:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(REQUEST + b"Connection: close\r\n\r\n")
            try:
                return (await reader.read(12)).decode()
            except ConnectionResetError:
                return "reset"
            finally:
                writer.transport.abort()

        held = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        while sandbox.connection_count < 3:
            await asyncio.sleep(0.005)
        assert await status() == "reset"
        for _, writer in held:
            writer.transport.abort()
        async with asyncio.timeout(5):
            while (answer := await status()) == "reset":
                await asyncio.sleep(0.01)
        assert answer == "HTTP/1.1 401"


STRANGERS = textwrap.dedent(
    """
    import asyncio, os, resource, sys
    from nusantara.sandbox import Sandbox

    async def strange(host, port):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(b"GET /v1/messages.json HTTP/1.1\\r\\nHost: localhost\\r\\n")
            for number in range(127):
                writer.write(b"X-%d: " % number + b"x" * SIZE + b"\\r\\n")
                await writer.drain()
        except ConnectionError:
            pass
        return reader, writer

    def used():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 1e6

    async def main():
        sandbox = Sandbox(vendors=[])
        await sandbox.start()
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        before = used()
        lines = await asyncio.gather(*(strange(host, int(port)) for _ in range(100)))
        await asyncio.sleep(0.2)
        print(used() - before, flush=True)
        os._exit(0)

    SIZE = int(sys.argv[1])
    asyncio.run(main())
    """
)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads /proc")
@pytest.mark.parametrize("size", [100, 8_000, 60_000])
def test_a_hundred_strangers_with_endless_heads_take_little_memory(size: int) -> None:
    """A plain server of aiohttp gives them 200 MB with headers of 8,000 bytes, and no larger ones."""
    done = subprocess.run(
        [sys.executable, "-c", STRANGERS, str(size)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 40


async def test_bodies_of_all_requests_together_are_bounded(
    monkeypatch: pytest.MonkeyPatch, request_bytes: Any, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Bodies.__init__, "__defaults__", (1_000_000,))
    begun = request_bytes("POST", "/v1/messages.json", b"x" * 400_000)[:-1]
    async with Sandbox(vendors=[]) as sandbox:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        lines = [await asyncio.open_connection(host, int(port)) for _ in range(4)]
        for _, writer in lines:
            writer.write(begun)
            await writer.drain()
        reading = [asyncio.ensure_future(reader.read(12)) for reader, _ in lines]
        await asyncio.wait(reading, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0.1)
        over = [number for number, one in enumerate(reading) if one.done()]
        assert len(over) in (1, 2), "the others have room"
        assert "more than 1000000 bytes" in caplog.text
        # Those that have it go on; what is answered gives its room back.
        for number in {0, 1, 2, 3} - {*over}:
            lines[number][1].write(b"x")
            assert await reading[number] == b"HTTP/1.1 404"
        for _ in range(5):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(begun + b"x")
            assert await reader.read(12) == b"HTTP/1.1 404"
            writer.transport.abort()
        for _, writer in lines:
            writer.transport.abort()
        await asyncio.gather(*reading, return_exceptions=True)
