"""How large bodies leave: in pieces, each of which has to go in time, with an ear for an answer that comes early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from nusantara.errors import Phase, Timeout
from nusantara.transport.early_answer import EarlyAnswerGuard

if TYPE_CHECKING:
    from nusantara.transport.exchange import Exchange

__all__ = ["Pace"]

CHUNK = 64 * 1024


class Pace:
    """Ends a call whose body no longer leaves, for which aiohttp has no timeout, and one whose body cannot be made.

    Args:
        idle: Seconds that the server may take nothing for; None for no bound.
    """

    def __init__(self, idle: float | None, exchange: Exchange) -> None:
        self._idle = idle
        self._exchange = exchange
        self._scope = asyncio.timeout(None)
        self._handler: EarlyAnswerGuard | None = None
        self._done = False
        self.failure: Exception | None = None
        """Why the body could not be made, in which case it was cut off before its end."""

    async def chunks(self, body: bytes) -> AsyncIterator[bytes]:
        """The pieces of a body."""
        self.begin()
        for start in range(0, len(body), CHUNK):
            await self._begin_piece()
            yield body[start : start + CHUNK]
        self.end()

    async def write(self, writer: Any, data: bytes | memoryview) -> None:
        """Write a part of a body with aiohttp's writer."""
        view = memoryview(data)
        for start in range(0, len(view), CHUNK):
            await self._begin_piece()
            await writer.write(view[start : start + CHUNK])
        self._scope.reschedule(None)

    def begin(self) -> None:
        """The connection is there, and nothing of the body has left."""
        transport = self._exchange.transport
        protocol = None if transport is None else transport.get_protocol()
        if isinstance(protocol, EarlyAnswerGuard):
            self._handler = protocol
            protocol.hold()

    def end(self) -> None:
        """The whole body was taken."""
        self._scope.reschedule(None)
        self._done = True

    async def _begin_piece(self) -> None:
        await asyncio.sleep(0)  # What has come is read before more is written.
        if self._idle is not None:
            self._scope.reschedule(asyncio.get_running_loop().time() + self._idle)

    async def __aenter__(self) -> None:
        await self._scope.__aenter__()

    async def __aexit__(self, *details: Any) -> None:
        try:
            await self._scope.__aexit__(*details)
        except TimeoutError:
            raise Timeout(Phase.IDLE_WRITE, f"the server took nothing of the body for {self._idle:g} s") from None
        finally:
            transport = self._exchange.transport
            if transport is not None and not self._done:
                transport.abort()  # An ordinary close would first wait for the rest of the body to leave.
            if self._handler is not None:
                self._handler.let_go()
