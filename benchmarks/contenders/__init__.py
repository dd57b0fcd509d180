"""Who is measured: the same operation by each library, every one in a fresh process of its own.

A contender's module has a class ``Contender`` that follows :class:`AsyncContender` or :class:`SyncContender`. It is
imported in its own process only, after that process has hidden what the contender is to do without.
"""

from __future__ import annotations

from typing import Any, Protocol

import attrs

from benchmarks.answers import Inbox, Row

__all__ = ["ASYNC", "SYNC", "AsyncContender", "Spec", "SyncContender"]


class AsyncContender(Protocol):
    """Makes the call on an event loop."""

    async def open(self, base_url: str, inbox: Inbox) -> None:
        """Get ready; ``base_url + inbox.target`` is what to call."""
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

    def open(self, base_url: str, inbox: Inbox) -> None: ...

    def call(self) -> Any: ...

    def rows(self, result: Any) -> list[Row]: ...

    def close(self) -> None: ...


@attrs.frozen(slots=True, kw_only=True)
class Spec:
    """One contender as the controller starts it."""

    name: str
    """In the tables."""
    module: str
    needs: tuple[str, ...]
    """Packages without which it is reported as missing."""
    hidden: tuple[str, ...] = ()
    """Packages that it must not find."""
    loop: str = "asyncio"


_ORJSON = ("orjson",)

AIOHTTP = Spec(name="aiohttp + json", module="aiohttp_raw", needs=("aiohttp",), hidden=_ORJSON)
SDK = Spec(name="this SDK, base", module="sdk_async", needs=(), hidden=_ORJSON)
REQUESTS = Spec(name="requests", module="requests_sync", needs=("requests",), hidden=_ORJSON)
FACADE = Spec(name="this SDK's facade, base", module="sdk_sync", needs=(), hidden=_ORJSON)

ASYNC = (
    AIOHTTP,
    attrs.evolve(AIOHTTP, name="aiohttp + orjson", needs=("aiohttp", "orjson"), hidden=()),
    attrs.evolve(
        AIOHTTP, name="aiohttp + orjson, uvloop", needs=("aiohttp", "orjson", "uvloop"), hidden=(), loop="uvloop"
    ),
    SDK,
    attrs.evolve(SDK, name="this SDK + orjson", needs=("orjson",), hidden=()),
    attrs.evolve(SDK, name="this SDK + orjson, uvloop", needs=("orjson", "uvloop"), hidden=(), loop="uvloop"),
    Spec(name="httpx", module="httpx_async", needs=("httpx",), hidden=_ORJSON),
    Spec(name="bare asyncio.Protocol (limit)", module="bare", needs=(), hidden=_ORJSON),
)
"""The first is the reference."""

SYNC = (
    REQUESTS,
    FACADE,
    attrs.evolve(FACADE, name="this SDK's facade + orjson", needs=("orjson",), hidden=()),
    attrs.evolve(
        FACADE, name="this SDK's facade + orjson, uvloop", needs=("orjson", "uvloop"), hidden=(), loop="uvloop"
    ),
    Spec(name="httpx", module="httpx_sync", needs=("httpx",), hidden=_ORJSON),
)
"""The first is the reference."""
