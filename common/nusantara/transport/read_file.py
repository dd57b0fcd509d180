"""The body of a file, straight from the socket into one buffer.

aiohttp makes several copies of each piece of a body on its way through the parser. Where the length of a body is known
and nothing else is coded into it, what is left of it after the headers can be read without.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp.hdrs import TRANSFER_ENCODING

from nusantara.errors import Phase, Timeout
from nusantara.transport.address import Resolver
from nusantara.transport.answer_guard import AnswerGuard
from nusantara.transport.connector import guard
from nusantara.transport.failures import incomplete
from nusantara.transport.self_check import aiohttp_fits

__all__ = ["Intake", "connector_for_files"]

SOON = 0.1
"""Seconds after the first bytes of a piece in which the rest of it may come; then it is shown as it is."""


def connector_for_files(local: bool, proxy: str | None, context: ssl.SSLContext | None) -> aiohttp.TCPConnector:
    """For one connection at a time, to no place where a download may not lead.

    Args:
        local: Whether it may lead into the local network.
        proxy: The caller's own choice, wherever it is.
    """
    connector = aiohttp.TCPConnector(resolver=Resolver(local, proxy), ssl=context or True, limit=1)
    if aiohttp_fits():
        guard(connector, AnswerGuard)
    return connector


class Intake(asyncio.BufferedProtocol):
    """Takes the place of aiohttp's protocol, which still hears of the end of the connection.

    The connection is of no use afterwards: close the answer that it came with.
    """

    def __init__(self, protocol: Any, rest: int, size: int) -> None:
        self._before = protocol
        self._transport = protocol.transport
        self._rest = rest
        self._buffer = memoryview(bytearray(min(size, rest)))
        self._filled = 0
        self._goal = len(self._buffer)
        self._wanted = 0
        """Bytes that whoever waits waits for."""
        self._waiter: asyncio.Future[None] | None = None
        self._lost = False

    @classmethod
    async def pieces(cls, answer: aiohttp.ClientResponse, size: int, idle: float) -> AsyncIterator[bytes | memoryview]:
        """The body in pieces of at most ``size`` bytes. Each is overwritten by the next.

        Args:
            idle: Seconds of silence that are put up with.

        Raises:
            Timeout: Silence for longer.
            BadResponse: The connection ended before the body; ``incomplete``.
        """
        connection = answer.connection if aiohttp_fits() else None
        protocol: Any = None if connection is None else connection.protocol
        length = answer.content_length
        if protocol is not None:
            protocol.read_timeout = idle
            protocol.start_timeout()
        if length is None or TRANSFER_ENCODING in answer.headers or protocol is None:
            try:
                async for chunk in answer.content.iter_chunked(size):
                    yield chunk
            except aiohttp.SocketTimeoutError:
                raise _stalled(idle) from None
            return
        protocol.read_timeout = None
        protocol.start_timeout()
        head = answer.content.read_nowait() if not answer.content.at_eof() else b""
        rest = length - len(head)
        intake = cls(protocol, rest, size) if rest and protocol.transport is not None else None
        if intake is not None:
            intake._transport.set_protocol(intake)
            intake._pause()  # Until somebody waits for it.
        if head:
            yield head
        while intake is not None and intake._rest:
            yield await intake._fill(idle)

    async def _fill(self, idle: float) -> memoryview:
        self._filled, self._goal = 0, min(len(self._buffer), self._rest)
        if not self._transport.is_reading() and not self._lost:
            self._transport.resume_reading()
        if not await self._has(1, idle):
            raise _stalled(idle)
        await self._has(self._goal, SOON)
        self._pause()
        if not self._filled:
            raise incomplete("the body was cut short or broken on its way")
        self._rest -= self._filled
        return self._buffer[: self._filled]

    async def _has(self, wanted: int, seconds: float) -> bool:
        """Wait until so many bytes are here, or no more will come; whether that happened in time."""
        if self._filled >= wanted or self._lost:
            return True
        self._wanted = wanted
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None
        return self._filled >= wanted or self._lost

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _pause(self) -> None:
        if not self._lost and self._transport.is_reading():
            self._transport.pause_reading()

    # --- What the transport calls

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._filled : self._goal]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if self._filled == self._goal:
            self._pause()
        if self._filled >= self._wanted:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._wake()
        self._before.connection_lost(exc)


def _stalled(idle: float) -> Timeout:
    return Timeout(Phase.IDLE_READ, f"the file stalled for {idle:g} s")
