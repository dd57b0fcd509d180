from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from support.hook import PATH_SECRET, Handled

from qiscus_async.webhooks import Receiver

Start = Callable[..., Awaitable[tuple[Receiver, str]]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a receiver and gives it with its URL."""
    async with asyncio.timeout(100):
        opened: list[Any] = []

        async def begin(handler: Any, **settings: Any) -> tuple[Receiver, str]:
            receiver = Receiver(handler, **{"path_secret": PATH_SECRET, "grace": 2.0, **settings})
            serving = receiver.serving()
            url = await serving.__aenter__()
            opened.append(serving)
            return receiver, str(url)

        yield begin
        for serving in reversed(opened):
            await serving.__aexit__(None, None, None)


@pytest.fixture
def handled() -> Handled:
    return Handled()
