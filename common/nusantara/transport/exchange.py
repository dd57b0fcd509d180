"""What is known of one attempt while it is made, so that it can be told if it fails."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING

import aiohttp

from nusantara.errors import ConnectionLost, Sent
from nusantara.request import CallClass, Request
from nusantara.transport.failures import lost_text

if TYPE_CHECKING:
    from aiohttp import ClientHandlerType

__all__ = ["Exchange", "current"]


class Exchange:
    """One request on its way to its answer."""

    __slots__ = ("connected", "kept", "request", "transport")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.connected = False
        """Whether a connection was handed to the request, so that bytes may have left."""
        self.kept = False
        """Whether that connection was used before."""
        self.transport: asyncio.Transport | None = None

    @property
    def sent(self) -> Sent:
        return Sent.MAYBE if self.connected else Sent.NO

    @property
    def harmless(self) -> bool:
        """Whether it does no harm if the request arrives though nobody waits for its answer any more."""
        return self.request.call_class is CallClass.SAFE

    async def __call__(self, request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
        """Run as aiohttp's innermost middleware: the place where its hidden repeat can be kept from happening.

        aiohttp repeats on exactly the two exception types below when they reach its request loop. Raised as our own
        error they pass through it.
        """
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            if isinstance(error, (aiohttp.ServerTimeoutError, aiohttp.ClientSSLError)):
                raise
            raise ConnectionLost(lost_text(error)) from None


current: ContextVar[Exchange | None] = ContextVar("nusantara_exchange", default=None)
"""The one for which aiohttp's session asks our connector for a connection."""
