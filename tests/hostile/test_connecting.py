"""Faults on the way to a connection: nothing has left this machine, and the error says so."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.faults import Seen
from support.flavours import FLAVOURS, Flavour
from support.network import black_hole, resolving
from support.raw import Received, Wire

from nusantara.client import Settings
from nusantara.errors import ConnectFailed, InvalidParameter, Phase, Sent, Timeout
from nusantara.options import Timeouts


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["closed port", "no such name"])
async def test_g01_nobody_there(open_client: Any, closed_port: int, seen: Seen, where: str, method: str) -> None:
    host = f"127.0.0.1:{closed_port}" if where == "closed port" else "tidak-ada.invalid"
    client: Flavour[Any] = open_client(f"http://{host}")
    start = time.perf_counter()
    with pytest.raises(ConnectFailed) as caught:
        await client(lambda c: c.request(method, "/"))
    elapsed = time.perf_counter() - start
    assert caught.value.sent is Sent.NO
    assert [attempt.number for attempt in caught.value.attempts] == [1, 2, 3]
    assert {attempt.sent for attempt in caught.value.attempts} == {Sent.NO}
    assert "3 attempts" in str(caught.value)
    assert "check the base URL" in str(caught.value)
    assert elapsed < 6
    seen(caught.value, f"{elapsed:.1f} s for {method}, {where}")


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g02_never_accepted(open_client: Any, seen: Seen, method: str) -> None:
    assert Timeouts().connect == 5
    with black_hole() as port:
        client: Flavour[Any] = open_client(f"http://127.0.0.1:{port}", timeout=Timeouts(connect=0.3))
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.request(method, "/"))
    error = caught.value
    assert (error.phase, error.sent) == (Phase.CONNECT, Sent.NO)
    assert len(error.attempts) == 3
    best = min((attempt.elapsed for attempt in error.attempts), key=lambda elapsed: abs(elapsed - 0.3))
    assert abs(best - 0.3) <= 0.2
    seen(error, f"an attempt ended after {best:.2f} s of 0.3 s")


# --- Names and addresses


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of every name under ``test``, to be changed at will; the names asked for are in ``asked``."""
    current: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", resolving(lambda: current, []))
    return current


@pytest.mark.parametrize("age", [0.4, None])
async def test_g57_a_name_changes_its_address(
    open_client: Any, serve: Any, seen: Seen, monkeypatch: pytest.MonkeyPatch, addresses: list[str], age: float | None
) -> None:
    """With the default age of 300 s, and 10 s for the answer of the resolver, both scaled down a thousandfold or so."""
    monkeypatch.setattr("nusantara.transport.pool.DNS_CACHE", 0.05)
    old = await serve(answer)
    new = await serve(answer, host="127.0.0.2", port=old.port)
    addresses.append("127.0.0.1")
    client: Flavour[Any] = open_client(f"http://toko.test:{old.port}", max_connection_age=age)
    await client(lambda c: c.request("GET", "/"))
    addresses[:] = ["127.0.0.2"]
    changed = time.perf_counter()
    while not new.requests and time.perf_counter() - changed < (0.6 if age is None else 5):
        await client(lambda c: c.request("GET", "/"))
        await asyncio.sleep(0.01)
    elapsed = time.perf_counter() - changed
    if age is None:
        assert not new.requests
        assert old.connections == 1
        seen("without an age the open connection is kept")
    else:
        assert new.requests
        assert old.connections == 1
        assert elapsed > 0.2, "a connection is not replaced before its age"
        seen(f"{len(old.requests)} calls to the old address, then the new one", f"{elapsed:.2f} s, age {age} s")


async def test_g57_the_resolver_is_asked_again_after_ten_seconds(
    open_client: Any, serve: Any, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nusantara.transport import pool

    assert pool.DNS_CACHE == 10
    monkeypatch.setattr(pool, "DNS_CACHE", 0.2)
    asked: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", resolving(lambda: ["127.0.0.1"], asked))

    async def close(wire: Wire, request: Received) -> bool:
        await wire.answer(Connection="close")
        return True

    server = await serve(close)
    client: Flavour[Any] = open_client(f"http://toko.test:{server.port}")
    start = time.perf_counter()
    while time.perf_counter() - start < 0.7:
        await client(lambda c: c.request("GET", "/"))
        await asyncio.sleep(0.01)
    assert server.connections == len(server.requests)
    assert 2 <= len(asked) <= 5
    seen(f"{len(asked)} look-ups for {server.connections} connections in 0.7 s", "kept for 0.2 s of 10 s")


@pytest.mark.parametrize("death", ["refuses", "silent"])
async def test_g57_one_of_two_addresses_is_dead(
    open_client: Any, serve: Any, seen: Seen, addresses: list[str], death: str
) -> None:
    server = await serve(answer)
    addresses[:] = ["127.0.0.2", "127.0.0.1"]
    with black_hole("127.0.0.2", server.port if death == "silent" else 0):
        best = await _best_connect(open_client, f"http://toko.test:{server.port}")
    assert best < 1
    seen(f"{len(server.requests)} calls, each served", f"{best:.2f} s, the dead one {death}")


async def test_g57_a_black_hole_in_ipv6(open_client: Any, serve: Any, seen: Seen, addresses: list[str]) -> None:
    server = await serve(answer)
    addresses[:] = ["::1", "127.0.0.1"]
    with black_hole("::1", server.port):
        best = await _best_connect(open_client, f"http://toko.test:{server.port}")
    assert best < 0.5
    seen(f"{len(server.requests)} calls, each served", f"{best:.2f} s past a silent ::1")


async def _best_connect(open_client: Any, base_url: str) -> float:
    """Seconds of a first call that is made at once, of three such."""
    best = float("inf")
    for _ in range(3):
        client: Flavour[Any] = open_client(base_url, max_attempts=1)
        start = time.perf_counter()
        await client(lambda c: c.request("POST", "/"))
        best = min(best, time.perf_counter() - start)
    return best


async def test_g57_an_ipv6_address_as_base_url(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(answer, host="::1")
    client: Flavour[Any] = open_client(server.base_url)
    await client(lambda c: c.request("GET", "/"))
    assert server.requests[0].headers["host"] == f"[::1]:{server.port}"
    seen(f"served at {server.requests[0].headers['host'].rpartition(':')[0]}")


@pytest.mark.parametrize("age", [0, -1, "lama", True, float("nan")])
def test_a_senseless_age_is_refused(age: Any) -> None:
    from bukalapak_async import AsyncBukalapak

    with pytest.raises(InvalidParameter, match="max_connection_age"):
        AsyncBukalapak("toko", "rahasia", **Settings(max_connection_age=age))


# --- Few descriptors

_MANY_CALLS = """
import asyncio, json, resource, sys
from concurrent.futures import ThreadPoolExecutor

flavour, base_url, limit, calls, hogged = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
from bukalapak_async import AsyncBukalapak, Bukalapak

def verb(number):
    return "POST" if number % 2 else "GET"

async def in_tasks():
    async with AsyncBukalapak("toko", "rahasia", base_url=base_url) as client:
        async def one(number):
            return await client.request(verb(number), "/")
        return await asyncio.gather(*map(one, range(calls)), return_exceptions=True)

def in_threads():
    with Bukalapak("toko", "rahasia", base_url=base_url) as client, ThreadPoolExecutor(calls) as threads:
        def one(number):
            try:
                return client.request(verb(number), "/")
            except Exception as error:
                return error
        return list(threads.map(one, range(calls)))

hog = [open("/dev/null") for _ in range(hogged)]
results = asyncio.run(in_tasks()) if flavour == "async" else in_threads()
errors = [repr(result) for result in results if isinstance(result, BaseException)]
print(json.dumps({"served": len(results) - len(errors), "errors": errors[:3]}))
"""


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("hogged", [0, 40])
async def test_g64_few_descriptors(serve: Any, seen: Seen, flavour: str, hogged: int, tmp_path: Path) -> None:
    """Also where the rest of the program leaves fewer of them than half."""
    most = 0

    async def slow(wire: Wire, request: Received) -> None:
        nonlocal most
        most = max(most, server.open_connections)
        await asyncio.sleep(0.01)
        await wire.answer()

    server = await serve(slow)
    script = tmp_path / "panggil.py"
    script.write_text(_MANY_CALLS, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        *(flavour, server.base_url, "64", "500", str(hogged)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    assert errors == b""
    result = json.loads(output)
    assert (result["served"], result["errors"]) == (500, [])
    assert len(server.requests) == 500
    assert most <= 64 - 8
    seen(f"{result['served']} of 500 served, {len(result['errors'])} errors", f"at most {most} connections")
