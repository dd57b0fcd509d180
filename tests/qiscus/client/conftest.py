from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from support.raw import RawServer, Script

from qiscus_async import AsyncQiscus

SECRET = "rahasia-toko-1945"


@pytest.fixture
async def served() -> AsyncIterator[Callable[..., Any]]:
    """Starts a server with a script and gives it with a client for it."""
    opened: list[Any] = []

    async def start(script: Script, **settings: Any) -> tuple[RawServer, AsyncQiscus]:
        server = await RawServer(script).__aenter__()
        client = AsyncQiscus("toko", SECRET, base_url=server.base_url, **settings)
        opened.extend([server, client])
        return server, client

    yield start
    for one in reversed(opened):
        await one.__aexit__(None, None, None)


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.001)
