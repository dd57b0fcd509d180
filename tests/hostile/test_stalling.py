"""Answers that stop or crawl, and a consumer that does: every wait has an end, and nothing piles up meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import best_time
from support.faults import Seen
from support.measured import MIB, finished_export, slow_download
from support.raw import Received, Wire, all_closed

from nusantara.errors import OutcomeUnknown, Phase, Sent, Timeout
from nusantara.options import Timeouts

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


def stalls_after(start: bytes) -> Callable[[Wire, Received], Any]:
    """A script that sends the start of an answer and then nothing."""

    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(start)
        await wire.reader.read()
        return True

    return script


STALLS = {
    "nothing": (b"", Phase.FIRST_BYTE),
    "status line": (b"HTTP/1.1 200 OK\r\n", Phase.FIRST_BYTE),
    "half the headers": (HEAD[:-20], Phase.FIRST_BYTE),
    "interim answer": (b"HTTP/1.1 100 Continue\r\n\r\n", Phase.FIRST_BYTE),
    "headers": (HEAD, Phase.IDLE_READ),
    "half the body": (HEAD + b'{"messages": [', Phase.IDLE_READ),
    "chunk size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4", Phase.IDLE_READ),
    "close-delimited body": (b'HTTP/1.1 200 OK\r\n\r\n{"ok": true}', Phase.IDLE_READ),
}


def test_g11_defaults_of_the_two_waits(seen: Seen) -> None:
    defaults = Timeouts()
    assert (defaults.first_byte, defaults.idle_read) == (30, 15)
    seen(f"first byte within {defaults.first_byte:g} s, silence in a body at most {defaults.idle_read:g} s")


@pytest.mark.parametrize("stall", STALLS)
async def test_g11_a_stalled_answer_is_a_timeout_of_its_phase(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, stall: str
) -> None:
    start, phase = STALLS[stall]
    # The other wait is out of reach: only the right one can end the call.
    waits: dict[str, float] = {"first_byte": 5, "idle_read": 5, phase: 0.1}
    server = await serve(stalls_after(start))
    client = open_client(server.base_url, timeout=Timeouts(**waits))

    async def read() -> None:
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.with_options(max_attempts=1).request("GET", "/"))
        assert caught.value.phase is phase
        assert isinstance(caught.value, TimeoutError)
        assert caught.value.sent is (Sent.YES if phase is Phase.IDLE_READ else Sent.MAYBE)

    elapsed = await best_time(read, 0.1)
    assert 0.09 <= elapsed < 0.3

    server.requests.clear()
    with pytest.raises(Timeout) as caught:
        await client(lambda c: c.request("GET", "/"))
    assert caught.value.phase is phase
    assert len(server.requests) == len(caught.value.attempts) == 3
    seen(caught.value, f"GET: {len(server.requests)} requests, {elapsed:.2f} s each where 0.10 s are allowed")

    server.requests.clear()
    with pytest.raises(OutcomeUnknown) as unknown:
        await client(lambda c: c.request("POST", "/"))
    assert isinstance(unknown.value.__cause__, Timeout)
    assert unknown.value.__cause__.phase is phase
    assert len(server.requests) == 1
    seen(unknown.value, f"POST: {len(server.requests)} request")


@pytest.mark.parametrize("piece", [b"X-Lagi: ya\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"], ids=["headers", "interim"])
async def test_g11_headers_that_drip_do_not_put_the_wait_off(
    open_client: Any, serve: Any, seen: Seen, piece: bytes
) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\n" if piece.startswith(b"X") else piece)
        while True:
            await asyncio.sleep(0.03)
            await wire.send(piece)

    server = await serve(script)
    client = open_client(server.base_url, max_attempts=1, timeout=Timeouts(first_byte=0.2, total=3))

    async def read() -> None:
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.request("GET", "/"))
        assert caught.value.phase is Phase.FIRST_BYTE
        errors.append(caught.value)

    errors: list[Timeout] = []
    elapsed = await best_time(read, 0.2)
    assert 0.19 <= elapsed < 0.5
    seen(errors[-1], f"{elapsed:.2f} s where 0.20 s are allowed")


@pytest.mark.parametrize("framing", ["length", "chunks", "close"])
async def test_g12_a_dripping_body_ends_with_the_total(open_client: Any, serve: Any, seen: Seen, framing: str) -> None:
    head = {"length": b"Content-Length: 1000\r\n", "chunks": b"Transfer-Encoding: chunked\r\n", "close": b""}[framing]

    async def script(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        while True:
            await wire.send(b"1\r\n \r\n" if framing == "chunks" else b" ")
            await asyncio.sleep(0.03)

    server = await serve(script)
    client = open_client(server.base_url, timeout=Timeouts(idle_read=0.3, total=0.4))

    async def read() -> None:
        server.requests.clear()
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.request("GET", "/"))
        assert caught.value.phase is Phase.TOTAL
        assert len(server.requests) == 1
        errors.append(caught.value)

    errors: list[Timeout] = []
    elapsed = await best_time(read, 0.4)
    assert abs(elapsed - 0.4) <= 0.1
    await all_closed(server)
    seen(errors[-1], f"{elapsed - 0.4:+.3f} s from the deadline")

    server.requests.clear()
    with pytest.raises(OutcomeUnknown):
        await client(lambda c: c.request("POST", "/"))
    assert len(server.requests) == 1


# --- A slow consumer

SIZE = 24 * MIB
SPEED = 48 * MIB


async def test_g65_a_slow_disk_holds_the_server_back(flavour: str, serve: Any, seen: Seen, tmp_path: Path) -> None:
    async def script(wire: Wire, request: Received) -> None:
        size = SIZE if request.target == "/large" else 1000
        await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // 65536):
            await wire.send(b"x" * 65536)
        await wire.send(b"x" * (size % 65536))

    server = await serve(script)
    start = time.perf_counter()
    growth = await slow_download(flavour, server.base_url, tmp_path, speed=SPEED)
    elapsed = time.perf_counter() - start
    size = (tmp_path / "large").stat().st_size
    assert size == SIZE
    assert growth < 12 * MIB
    seen(f"{size / MIB:.0f} of {SIZE / MIB:.0f} MiB", f"RSS +{growth / MIB:.1f} MiB in {elapsed:.1f} s on a slow disk")


async def test_g65_a_slow_consumer_is_not_taken_for_a_slow_server(
    open_client: Any, serve: Any, seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nusantara.download.FLOOR", 200_000)
    monkeypatch.setattr("nusantara.download.FLOOR_SECONDS", 0.5)

    async def script(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * 32768)
        await asyncio.sleep(0.05)
        await wire.send(b"x" * 32768)

    slow = 0.0

    def progress(done: int, total: int | None) -> None:
        nonlocal slow
        if not slow:
            slow = 0.6
            time.sleep(slow)

    server = await serve(script)
    client = open_client(server.base_url, "qiscus")
    export = finished_export(f"{server.base_url}/f.json")
    done = await client(lambda c: c.exports.download(export, tmp_path / "f.json", progress=progress))
    assert (done.size, done.verified) == (65536, True)
    assert len(server.requests) == 1
    seen(
        f"{done.size} of 65536 bytes, {len(server.requests)} request",
        f"consumer stopped for {slow:g} s at a floor of 0.5 s",
    )
