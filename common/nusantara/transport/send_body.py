"""How large bodies leave: in pieces, each of which has to go in time, with an ear for an answer that comes early."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from nusantara.errors import Phase, Timeout
from nusantara.transport.early_answer import EarlyAnswerGuard

if TYPE_CHECKING:
    from nusantara.transport.exchange import Exchange

__all__ = ["Pace", "in_memory"]

CHUNK = 64 * 1024


async def in_memory(body: bytes) -> AsyncGenerator[bytes | memoryview, None]:
    """A body that is there, as pieces."""
    yield body


class Pace:
    """Ends a call whose body no longer leaves, for which aiohttp has no timeout, and one whose body cannot be made.

    An answer that comes before the body has left ends it only if it is a refusal. A server that says 2xx at once goes
    on reading, and has done what it says only when it has read all.

    Args:
        idle: Seconds that the server may take nothing for; None for no bound.
        close: Lets go of what the body is made of.
    """

    def __init__(self, idle: float | None, exchange: Exchange, close: Callable[[], None] = lambda: None) -> None:
        self._idle = idle
        self._close = close
        self._chunks: AsyncGenerator[memoryview, None] | None = None
        self._exchange = exchange
        self._scope = asyncio.timeout(None)
        self._handler: EarlyAnswerGuard | None = None
        self.done = False
        """Whether the whole body has left."""
        self.failure: Exception | None = None
        """Why the body could not be made, in which case it was cut off before its end."""

    def chunks(self, pieces: AsyncGenerator[bytes | memoryview, None]) -> AsyncIterator[memoryview]:
        """The pieces of a body as aiohttp is to write them, once the connection is there."""
        self._chunks = self._paced(pieces)
        return self._chunks

    async def _paced(self, pieces: AsyncGenerator[bytes | memoryview, None]) -> AsyncGenerator[memoryview, None]:
        self._begin()
        async with contextlib.aclosing(pieces):
            while (piece := await self._next(pieces)) is not None:
                view = memoryview(piece)
                for start in range(0, len(view), CHUNK):
                    await asyncio.sleep(0)  # What has come is read before more is written.
                    self._start_timer()
                    yield view[start : start + CHUNK]
                self._scope.reschedule(None)  # However long it takes to make the next one.
        if self._handler is not None:
            self._start_timer()
            await self._handler.flush()
            self._scope.reschedule(None)
        self.done = True
        if self._handler is not None:
            self._handler.body_has_left()

    async def _next(self, pieces: AsyncGenerator[bytes | memoryview, None]) -> bytes | memoryview | None:
        try:
            return await anext(pieces, None)
        except Exception as error:
            self.failure = error
            raise

    def _begin(self) -> None:
        transport = self._exchange.transport
        protocol = None if transport is None else transport.get_protocol()
        if isinstance(protocol, EarlyAnswerGuard):
            self._handler = protocol
            protocol.hold()

    def _start_timer(self) -> None:
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
            if transport is not None and not self.done:
                transport.abort()  # An ordinary close would first wait for the rest of the body to leave.
            if self._handler is not None:
                self._handler.let_go()
            if self._chunks is not None:
                with contextlib.suppress(RuntimeError):  # It is running, and about to be cancelled.
                    await self._chunks.aclose()
            self._close()
