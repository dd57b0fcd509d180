"""What every hostile test needs: clients of one flavour, servers that do the wrong thing, and a patient clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.flavours import FLAVOURS, Flavour
from support.raw import RawServer, Script

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from qiscus_async import AsyncQiscus, Qiscus

SECRET = "rahasia-toko-musuh-1945"
"""The credential of every client here. No server but the right one may see it, and nothing may show it."""

_CLIENTS: dict[str, dict[str, Callable[..., Any]]] = {
    "bukalapak": {"async": AsyncBukalapak, "sync": Bukalapak},
    "kaskus": {"async": AsyncKaskus, "sync": Kaskus},
    "qiscus": {"async": AsyncQiscus, "sync": Qiscus},
}

OpenClient = Callable[..., Flavour[Any]]
Serve = Callable[..., Awaitable[RawServer]]


@pytest.fixture(params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    """``async`` or ``sync``."""
    name: str = request.param
    return name


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come almost at once."""
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)


@pytest.fixture
async def open_client(flavour: str) -> AsyncIterator[OpenClient]:
    """Makes clients of the test's flavour: ``open_client(base_url, vendor="qiscus", max_attempts=1)``."""
    opened: list[Flavour[Any]] = []

    def open_one(base_url: str, vendor: str = "bukalapak", **settings: Any) -> Flavour[Any]:
        client = _CLIENTS[vendor][flavour]("toko", SECRET, base_url=base_url, **settings)
        opened.append(Flavour(flavour, client))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers that run a script for each request: ``server = await serve(script)``, see ``support.raw``."""
    started: list[RawServer] = []

    async def start(script: Script, **options: Any) -> RawServer:
        started.append(await RawServer(script, **options).__aenter__())
        return started[-1]

    yield start
    for server in started:
        await server.__aexit__(None, None, None)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Signs the certificates of a module's servers."""
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    """The authority's certificate as ``ca_bundle=`` takes it."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


async def at_once(client: Flavour[Any], count: int, operation: Callable[[Any, int], Any]) -> list[Any]:
    """Make ``count`` calls together, ``operation(client, number)``: as tasks or in threads. Errors are returned."""
    if client.name == "async":
        return await asyncio.gather(*(operation(client.client, n) for n in range(count)), return_exceptions=True)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(min(count, 200)) as threads:
        calls = [loop.run_in_executor(threads, operation, client.client, number) for number in range(count)]
        return await asyncio.gather(*calls, return_exceptions=True)


async def best_time(run: Callable[[], Awaitable[object]], seconds: float, *, within: float = 0.1) -> float:
    """How long a run took, of up to five the one closest to ``seconds``.

    A busy machine makes some runs late. A deadline that does not hold makes all of them late.
    """
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        await run()
        elapsed = time.perf_counter() - start
        if abs(elapsed - seconds) < abs(best - seconds):
            best = elapsed
        if abs(best - seconds) <= within:
            break
    return best
