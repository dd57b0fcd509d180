"""Who is measured: the same operation by each library, every one in a fresh process of its own.

A contender's module has a class ``Contender`` that follows :class:`AsyncContender` or :class:`SyncContender`. It is
imported in its own process only, after that process has hidden what the contender is to do without.

Contenders that run in an environment of their own import this, so that it needs nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from benchmarks.answers.operation import Operation, Row
from benchmarks.installs import BASE, SPEED, UVLOOP, Install

__all__ = [
    "AIOHTTP",
    "AIOHTTP_ORJSON",
    "AIOHTTP_UVLOOP",
    "BARE",
    "FACADE",
    "FACADES",
    "HTTPX",
    "HTTPX_SYNC",
    "NIQUESTS",
    "NIQUESTS_SYNC",
    "REQUESTS",
    "SDK",
    "SDKS",
    "AsyncContender",
    "Spec",
    "SyncContender",
]


class AsyncContender(Protocol):
    """Makes the call on an event loop."""

    async def open(self, base_url: str, operation: Operation) -> None:
        """Get ready; ``base_url + operation.target`` is what to call."""
        ...

    async def call(self) -> Any:
        """The call as a user of the library would write it."""
        ...

    def rows(self, result: Any) -> list[Row]:
        """What the call read, for comparison."""
        ...

    async def close(self) -> None: ...


class SyncContender(Protocol):
    """Makes the call in the caller's thread; several threads use one object."""

    def open(self, base_url: str, operation: Operation) -> None: ...

    def call(self) -> Any: ...

    def rows(self, result: Any) -> list[Row]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One contender as the controller starts it."""

    name: str
    """In the tables."""
    module: str
    needs: tuple[str, ...] = ()
    """Packages without which it is reported as missing, beside those of the install."""
    install: Install = BASE
    environment: str = ""
    """The peer for which :mod:`benchmarks.peers` makes an environment of its own; by default the one that runs."""


AIOHTTP = Spec(name="aiohttp + json", module="aiohttp_raw", needs=("aiohttp",))
AIOHTTP_ORJSON = replace(AIOHTTP, name="aiohttp + orjson", install=SPEED)
AIOHTTP_UVLOOP = replace(AIOHTTP, name="aiohttp + orjson, uvloop", install=UVLOOP)
BARE = Spec(name="bare asyncio.Protocol (limit)", module="bare")
HTTPX = Spec(name="httpx", module="httpx_async", needs=("httpx",))
NIQUESTS = Spec(name="niquests", module="niquests_async", needs=("niquests",), environment="niquests")

REQUESTS = Spec(name="requests", module="requests_sync", needs=("requests",))
HTTPX_SYNC = Spec(name="httpx", module="httpx_sync", needs=("httpx",))
NIQUESTS_SYNC = Spec(name="niquests", module="niquests_sync", needs=("niquests",), environment="niquests")

SDK = Spec(name="this SDK, base", module="sdk_async")
SDKS = (
    SDK,
    replace(SDK, name="this SDK + orjson", install=SPEED),
    replace(SDK, name="this SDK + orjson, uvloop", install=UVLOOP),
)
FACADE = Spec(name="this SDK's facade, base", module="sdk_sync")
FACADES = (
    FACADE,
    replace(FACADE, name="this SDK's facade + orjson", install=SPEED),
    replace(FACADE, name="this SDK's facade + orjson, uvloop", install=UVLOOP),
)
