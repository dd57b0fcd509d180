"""One test body for the async client and for its generated sync twin."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, Generic, TypeVar

C = TypeVar("C")

FLAVOURS = ("async", "sync")


class Flavour(Generic[C]):
    """Calls a client of either flavour from a coroutine: ``await call(lambda shop: shop.messages.get("x"))``.

    A sync call runs in a thread, as it would in a program without an event loop.
    """

    def __init__(self, name: str, client: Any) -> None:
        self.name = name
        self.client = client

    @property
    def core(self) -> Any:
        """The async client that does the work."""
        return self.client if self.name == "async" else self.client._impl

    async def __call__(self, operation: Callable[[C], Any]) -> Any:
        if self.name == "sync":
            return await asyncio.to_thread(operation, self.client)
        result = operation(self.client)
        return await result if inspect.isawaitable(result) else result

    async def items(self, listing: Callable[[C], Any]) -> list[Any]:
        """Everything in a listing, by plain iteration."""
        if self.name == "sync":
            return await asyncio.to_thread(lambda: list(listing(self.client)))
        return [item async for item in listing(self.client)]

    async def pages(self, listing: Callable[[C], Any], **options: Any) -> list[Any]:
        """All pages of a listing."""
        if self.name == "sync":
            return await asyncio.to_thread(lambda: list(listing(self.client).pages(**options)))
        return [page async for page in listing(self.client).pages(**options)]

    async def close(self) -> None:
        if self.name == "sync":
            await asyncio.to_thread(self.client.close)
        else:
            await self.client.aclose()
