"""The sandbox's end of each connection: reading requests, writing answers, and the faults as real socket effects.

aiohttp parses the requests and writes the ordinary answers. What no well-behaved server would send is written to the
transport by hand, and the connection does not survive it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol, cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict

from nusantara.sandbox.answer import Answer
from nusantara.sandbox.faults import Fault, FaultKind
from nusantara.sandbox.guard import shielded

__all__ = [
    "BODIES_LIMIT",
    "BODY_LIMIT",
    "HEAD_LIMIT",
    "Bodies",
    "Connection",
    "HangUp",
    "Raw",
    "Wire",
    "apply",
    "pause",
    "plain",
]

logger = logging.getLogger("nusantara.sandbox")

BODY_LIMIT = 64 << 20
BODIES_LIMIT = 256 << 20
"""Bytes of all bodies that are being read or carried out."""
HEAD_LIMIT = 128 << 10
"""Bytes of a request's line and headers together."""

_EXCERPT = 200
"""Characters shown of what is not HTTP."""

_LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""For SO_LINGER: closing sends RST instead of FIN."""


_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Watch(Protocol):
    """What a connection asks the sandbox."""

    def connection_made(self) -> bool:
        """Called when a connection is accepted; whether to reset it."""
        ...

    def connection_lost(self) -> None:
        """Called when it is gone."""

    def connection_is_reset(self) -> bool:
        """Called when a further request starts on it; whether to reset it."""
        ...


class Connection(web.RequestHandler):
    """One accepted connection."""

    def __init__(
        self, manager: web.Server, watch: Watch, *, loop: asyncio.AbstractEventLoop, keepalive_timeout: float
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            keepalive_timeout=keepalive_timeout,
            auto_decompress=False,
            max_line_size=65_536,
            max_field_size=65_536,
        )
        self._watch = watch
        self._between_requests = False
        self._head: _Head | None = _Head()
        self._head_seconds = keepalive_timeout
        self._head_timer: asyncio.TimerHandle | None = None
        self.gone: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._watch.connection_made():
            self.reset()

    def data_received(self, data: bytes) -> None:
        if self._between_requests and data:
            self._between_requests = False
            self._head = _Head()
            if self._watch.connection_is_reset():
                self.reset()
                return
        if self._head is not None and not self._may_go_on(self._head, data):
            return
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        if not self.gone.done():
            self.gone.set_result(None)
            self._watch.connection_lost()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500 or request.writer.output_size > 0:
            return super().handle_error(request, status, exc, message)
        # Of what is not HTTP, aiohttp would log and send back as much as came.
        logger.info("answered %d: not HTTP (%s)", status, type(exc).__name__)
        response = web.Response(status=status, text=(message or "")[:_EXCERPT])
        response.force_close()
        return response

    def _may_go_on(self, head: _Head, data: bytes) -> bool:
        """Count the bytes of a head, which the parser keeps until it is whole. A head has to come in time."""
        if head.take(data):
            self.begin()
        elif self._head_timer is None:
            self._head_timer = self._loop.call_later(self._head_seconds, self.reset)
        if head.size <= HEAD_LIMIT:
            return True
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()
        return False

    def _stop_timer(self) -> None:
        timer, self._head_timer = self._head_timer, None
        if timer is not None:
            timer.cancel()

    def begin(self) -> None:
        """The head of a request is read to its end."""
        self._head = None
        self._stop_timer()

    def expect_next(self) -> None:
        """The request at hand is read to its end: what comes now starts another."""
        self._between_requests = True

    def reset(self) -> None:
        """End the connection with RST instead of FIN; what is not yet sent is lost."""
        transport = self.transport
        if transport is None:
            return
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()


class _Head:
    """How much of a request's line and headers has come."""

    def __init__(self) -> None:
        self.size = 0
        self._tail = b""

    def take(self, data: bytes) -> bool:
        """Whether the blank line that ends it is in what has come."""
        text = self._tail + data
        # Blank lines before a request count, but end nothing.
        start = 0 if self.size else len(text) - len(text.lstrip(b"\r\n"))
        end = text.find(b"\r\n\r\n", start)
        self.size += len(data) if end < 0 else end + 4 - len(self._tail)
        self._tail = text[-3:]
        return end >= 0


class Raw(web.StreamResponse):
    """An answer that writes itself and ends the connection."""

    def __init__(self, write: Callable[[Wire], Awaitable[None]], released: asyncio.Event) -> None:
        super().__init__()
        self._write_all = write
        self._released = released

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        await self._write_all(Wire(request, self._released))
        # aiohttp takes this for a client that has left, and closes the connection without another byte.
        raise ConnectionResetError


class HangUp(web.StreamResponse):
    """No answer at all: the connection closes."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        raise ConnectionResetError


class Wire:
    """The transport of one request."""

    def __init__(self, request: web.BaseRequest, released: asyncio.Event) -> None:
        self.connection = cast(Connection, request.protocol)
        self._request = request
        self._released = released
        if request.transport is not None:
            # Every byte handed over is on its way before the next step, a reset above all.
            request.transport.set_write_buffer_limits(0)

    async def write(self, data: bytes) -> None:
        """Send these bytes. Raises :exc:`ConnectionError` if the client has left."""
        if data:
            await self._request.writer.write(data)
            await self._request.writer.drain()

    async def wait(self, seconds: float | None) -> None:
        """Wait so long, or for ever. Raises :exc:`ConnectionError` when the client leaves or the sandbox resets."""
        await pause(seconds, self.connection, self._released)

    def stop_reading(self) -> None:
        """Take no more bytes, and let the kernel take as few as it can."""
        transport = self.connection.transport
        if transport is not None:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            transport.pause_reading()


async def pause(seconds: float | None, connection: Connection, released: asyncio.Event) -> None:
    """Wait so long, or for ever. Raises :exc:`ConnectionError` when the client leaves or the sandbox resets."""
    ends = asyncio.ensure_future(released.wait())
    try:
        done, _ = await asyncio.wait((ends, connection.gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ends.cancel()
    if done:
        raise ConnectionResetError("the client has left or the sandbox was reset")


class Bodies:
    """Reads the bodies of requests, of which all together are bounded: each counts until its request is answered."""

    def __init__(self, limit: int = BODIES_LIMIT) -> None:
        self._limit = limit
        self._used: dict[object, int] = {}
        """By connection, which has one request at a time."""
        self._sum = 0

    async def read(self, request: web.BaseRequest, limit: int = BODY_LIMIT + 1) -> bytes:
        """The body as sent, as soon as it is whole or ``limit`` bytes are there.

        Raises:
            ConnectionError: It breaks off, or there is no room for it.
        """
        if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = bytearray()
        try:
            while len(body) < limit and (piece := await request.content.readany()):
                self._count(request, len(piece))
                body += piece
        except web.RequestPayloadError as error:
            raise ConnectionResetError("the request broke off") from error
        return bytes(body)

    def forget(self, request: web.BaseRequest) -> None:
        """Its body is not needed any more."""
        self._sum -= self._used.pop(request.protocol, 0)

    def _count(self, request: web.BaseRequest, size: int) -> None:
        if self._sum + size > self._limit:
            logger.warning("a connection is closed: the bodies of all requests have more than %d bytes", self._limit)
            raise ConnectionResetError("no room for the body")
        self._used[request.protocol] = self._used.get(request.protocol, 0) + size
        self._sum += size


def plain(answer: Answer) -> web.Response:
    """An ordinary answer."""
    return web.Response(status=answer.status, body=answer.body, headers=CIMultiDict(answer.headers))


async def apply(fault: Fault, answer: Answer | None, wire: Wire) -> None:
    """Let a fault strike. ``answer`` is the right answer where the call was carried out."""
    await _EFFECTS[fault.kind](fault, answer or Answer(200, ()), wire)


async def _reset(_: Fault, __: Answer, wire: Wire) -> None:
    wire.connection.reset()


async def _close(_: Fault, __: Answer, wire: Wire) -> None:
    """The connection closes by itself after every raw answer."""


async def _stop_reading(_: Fault, __: Answer, wire: Wire) -> None:
    wire.stop_reading()
    await wire.wait(None)


async def _stall_before_answer(_: Fault, __: Answer, wire: Wire) -> None:
    await wire.wait(None)


async def _stall_mid_body(fault: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, len(answer.body)) + _kept(fault, answer))
    await wire.wait(None)


async def _drip(fault: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, len(answer.body), ("Connection", "close")))
    for start in range(0, len(answer.body), fault.chunk):
        await wire.wait(fault.seconds)
        await wire.write(answer.body[start : start + fault.chunk])


async def _reset_mid_body(fault: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, len(answer.body)) + _kept(fault, answer))
    wire.connection.reset()


async def _cut_body(fault: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, len(answer.body)) + _kept(fault, answer))


async def _cut_chunked(fault: Fault, answer: Answer, wire: Wire) -> None:
    kept = _kept(fault, answer)
    chunk = b"%x\r\n%b\r\n" % (len(kept), kept) if kept else b""
    await wire.write(_head(answer, None, ("Transfer-Encoding", "chunked")) + chunk)


async def _cut_unsized(fault: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, None, ("Connection", "close")) + _kept(fault, answer))


async def _extra_answer(fault: Fault, answer: Answer, wire: Wire) -> None:
    extra = shielded(Answer(fault.status, fault.headers or answer.headers, fault.body), None)
    await wire.write(_whole(answer) + _whole(extra))
    # A client that reuses the connection would now read the second answer as that of its next call.
    await wire.wait(1.0)


async def _close_after_answer(_: Fault, answer: Answer, wire: Wire) -> None:
    await wire.write(_head(answer, len(answer.body), ("Connection", "keep-alive")) + answer.body)


async def _refuse_early(fault: Fault, _: Answer, wire: Wire) -> None:
    refusal = shielded(Answer(fault.status, fault.headers), None)
    await wire.write(_head(refusal, len(fault.body), ("Connection", "close")) + fault.body)


async def _garbage(fault: Fault, _: Answer, wire: Wire) -> None:
    await wire.write(fault.body)


async def _gzip_bomb(fault: Fault, _: Answer, wire: Wire) -> None:
    headers = (("Content-Type", "application/json; charset=utf-8"), ("Content-Encoding", "gzip"))
    body = _packed_blanks(fault.size)
    await wire.write(_head(Answer(fault.status, headers), len(body), ("Connection", "close")) + body)


async def _endless_body(fault: Fault, answer: Answer, wire: Wire) -> None:
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    await wire.write(_head(Answer(fault.status, headers), None, ("Transfer-Encoding", "chunked")))
    piece = b" " * 65_536
    while True:
        await wire.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await wire.wait(0)


_EFFECTS: dict[FaultKind, Callable[[Fault, Answer, Wire], Awaitable[None]]] = {
    FaultKind.RESET_AFTER_HEADERS: _reset,
    FaultKind.STOP_READING: _stop_reading,
    FaultKind.RESET_AFTER_READ: _reset,
    FaultKind.CLOSE_AFTER_READ: _close,
    FaultKind.DROP_AFTER_EXECUTE: _close,
    FaultKind.RESET_AFTER_EXECUTE: _reset,
    FaultKind.STALL_BEFORE_ANSWER: _stall_before_answer,
    FaultKind.STALL_MID_BODY: _stall_mid_body,
    FaultKind.DRIP: _drip,
    FaultKind.RESET_MID_BODY: _reset_mid_body,
    FaultKind.CUT_BODY: _cut_body,
    FaultKind.CUT_CHUNKED: _cut_chunked,
    FaultKind.CUT_UNSIZED: _cut_unsized,
    FaultKind.EXTRA_ANSWER: _extra_answer,
    FaultKind.CLOSE_AFTER_ANSWER: _close_after_answer,
    FaultKind.REFUSE_EARLY: _refuse_early,
    FaultKind.GARBAGE: _garbage,
    FaultKind.GZIP_BOMB: _gzip_bomb,
    FaultKind.ENDLESS_BODY: _endless_body,
}


def _kept(fault: Fault, answer: Answer) -> bytes:
    keep = len(answer.body) // 2 if fault.keep_bytes is None else fault.keep_bytes
    return answer.body[:keep]


def _whole(answer: Answer) -> bytes:
    return _head(answer, len(answer.body)) + answer.body


def _head(answer: Answer, length: int | None, *extra: tuple[str, str]) -> bytes:
    try:
        reason = HTTPStatus(answer.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in (*answer.headers, *extra)]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape")


@lru_cache(maxsize=4)
def _packed_blanks(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    packed = [packer.compress(block) for _ in range(size >> 20)]
    packed.append(packer.compress(block[: size & ((1 << 20) - 1)]))
    packed.append(packer.flush())
    return b"".join(packed)
