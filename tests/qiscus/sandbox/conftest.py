"""A running sandbox, and a caller that knows nothing but HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from nusantara.sandbox import Sandbox
from qiscus_async.sandbox import QiscusState


class Who:
    """The users of the first data."""

    ratna = "cs.ratna@tehsenja.example"
    bayu = "cs.bayu@tehsenja.example"
    gudang = "gudang@tehsenja.example"
    bot = "asisten@tehsenja.example"
    sinta = "sinta.maheswari@pelanggan.example"
    damar = "damar.kusuma@pelanggan.example"
    wulan = "pelanggan-0817"
    joko = "joko.santosa@pelanggan.example"


class Where:
    """The rooms of the first data."""

    team, talk, with_bot, order, wholesale, news, empty = range(41_001, 41_008)


class Caller:
    """Calls with a secret. ``await call("post_comment", json=...)`` gives the ``results``."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, headers: dict[str, str]) -> None:
        self.session, self.base_url, self.headers = session, base_url, headers

    async def raw(self, method: str, path: str, **options: Any) -> tuple[int, Any, Any]:
        """Status, headers, document."""
        headers = self.headers | options.pop("headers", {})
        url = self.base_url + path
        async with self.session.request(method, url, headers=headers, **options) as answer:
            return answer.status, answer.headers, await answer.json()

    async def __call__(self, operation: str, method: str | None = None, **options: Any) -> Any:
        path = operation if operation.startswith("/") else f"/api/v2/rest/{operation}"
        if method is None:
            method = "POST" if options.keys() & {"json", "data"} else "GET"
        status, headers, document = await self.raw(method, path, **options)
        assert status == 200, document
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert set(document) == {"results", "status"}
        assert document["status"] == 200
        return document["results"]

    async def refused(self, operation: str, method: str | None = None, *, status: int = 400, **options: Any) -> Any:
        """The ``error`` of a refusal."""
        path = operation if operation.startswith("/") else f"/api/v2/rest/{operation}"
        if method is None:
            method = "POST" if options.keys() & {"json", "data"} else "GET"
        found, _, document = await self.raw(method, path, **options)
        assert (found, document["status"]) == (status, status), document
        assert set(document) == {"error", "status"}
        return document["error"]

    async def invalid(self, operation: str, method: str | None = None, **options: Any) -> set[str]:
        """Names of the parameters that a validation error is about."""
        error = await self.refused(operation, method, **options)
        assert set(error) == {"message", "detailed_messages", "errors"}
        assert error["message"] == "Validation error"
        assert len(error["detailed_messages"]) == len(error["errors"]) > 0
        assert all(isinstance(text, str) for text in error["detailed_messages"])
        return set(error["errors"])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(vendors=["qiscus"]) as running:
        yield running


@pytest.fixture
def state(sandbox: Sandbox) -> QiscusState:
    found = sandbox.qiscus
    assert isinstance(found, QiscusState)
    return found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def caller(session: aiohttp.ClientSession, sandbox: Sandbox) -> Callable[..., Caller]:
    """Makes callers with headers of their own."""
    return lambda **headers: Caller(session, sandbox.base_url, headers)


@pytest.fixture
def call(caller: Callable[..., Caller], state: QiscusState) -> Caller:
    return caller(QISCUS_SDK_SECRET=state.secret_key)


@pytest.fixture(scope="session")
def who() -> type[Who]:
    return Who


@pytest.fixture(scope="session")
def where() -> type[Where]:
    return Where
