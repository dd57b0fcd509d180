"""The protocol of our connections, for answers that come while a body is still on its way."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from nusantara.transport.answer_guard import AnswerGuard

__all__ = ["EarlyAnswerGuard"]

MOST = 1024 * 1024
CHUNK = 64 * 1024


class EarlyAnswerGuard(AnswerGuard):
    """Keeps an early answer from being lost, and an early 2xx from cutting the body off.

    aiohttp ends a body when an answer is there. To a refusal that is right. Of a server that says 2xx and goes on
    reading, the answer is held back until it has got everything.

    A server that refuses a body before it has read it answers and closes. Where the next piece of the body meets the
    closed connection before the event loop has read the answer, asyncio closes the socket with the answer in it. So
    while a large body is sent, a second descriptor keeps the socket open, and what is left is read from that.
    """

    _held: socket.socket | None = None
    _body_leaves = False
    _early: Any = None
    """An answer that came before the body had left."""
    _flushed: asyncio.Future[None] | None = None

    def hold(self) -> None:
        """A large body follows."""
        self._body_leaves = True
        theirs = None if self.transport is None else self.transport.get_extra_info("socket")
        if theirs is not None and theirs.fileno() >= 0 and self._held is None:
            with contextlib.suppress(OSError):  # Without a descriptor to spare, the answer may be lost.
                self._held = socket.fromfd(theirs.fileno(), theirs.family, theirs.type)
                self._held.setblocking(False)

    def let_go(self) -> None:
        """The call is over. Until then the connection is not closed for good."""
        self._body_leaves, self._early = False, None
        held, self._held = self._held, None
        if held is not None:
            held.close()

    async def flush(self) -> None:
        """Wait until the system has taken all that was written, or will take no more."""
        transport = self.transport
        if transport is None or not transport.get_write_buffer_size():
            return
        self._flushed = asyncio.get_running_loop().create_future()
        transport.set_write_buffer_limits(0)
        try:
            await self._flushed
        finally:
            self._flushed = None
            transport.set_write_buffer_limits()

    def body_has_left(self) -> None:
        """An answer that is here may be given to whoever waits."""
        early, self._body_leaves, self._early = self._early, False, None
        if early is not None:
            super().deliver(early)

    def deliver(self, answer: Any) -> None:
        if self._body_leaves and answer[0].code < 300:
            self._early = answer
        else:
            super().deliver(answer)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._wake()

    def _wake(self) -> None:
        if self._flushed is not None and not self._flushed.done():
            self._flushed.set_result(None)

    def set_exception(self, exc: BaseException, *cause: Any) -> None:
        self._read_the_rest(exc)
        super().set_exception(exc, *cause)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._read_the_rest(exc)
        self._early = None
        super().connection_lost(exc)
        self._wake()

    def _read_the_rest(self, exc: BaseException | None) -> None:
        held, transport = self._held, self.transport
        if held is None or transport is None or not isinstance(exc, OSError) or isinstance(exc, TimeoutError):
            return
        taken = 0
        with contextlib.suppress(OSError):
            while taken < MOST and (data := held.recv(CHUNK)):
                taken += len(data)
                for piece in _plain(transport, data):
                    self.data_received(piece)


def _plain(transport: Any, data: bytes) -> Iterator[bytes]:
    """What was received, decrypted."""
    ssl_object = transport.get_extra_info("ssl_object")
    if ssl_object is None:
        yield data
        return
    incoming = getattr(getattr(transport, "_ssl_protocol", None), "_incoming", None)
    if incoming is None:
        return  # Of another event loop, which keeps it to itself.
    incoming.write(data)
    with contextlib.suppress(ssl.SSLError):
        while piece := ssl_object.read(CHUNK):
            yield piece
