"""aiohttp's end of a connection, with bounds on what a server may send that is no part of an answer.

- The headers of an answer, with all interim answers (1xx) before it, are bounded in size and number, and so is what
  comes between and behind chunks. They can neither fill the memory nor put off the end of the wait for the first byte.
- A connection on which anything comes that was not asked for is closed. What came can then never be taken for the
  answer to the next request.
- A body that ends with the connection is not whole if the connection was broken rather than closed.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.hdrs import CONTENT_LENGTH

from nusantara.transport.aiohttp_inside import EMPTY_PAYLOAD, HttpProcessingError, ResponseHandler

if TYPE_CHECKING:
    from aiohttp.connector import Connection

    from nusantara.transport.exchange import Exchange

__all__ = ["MAX_HEADERS", "MAX_INTERIM", "AnswerGuard"]

MAX_HEADERS = 64 * 1024
"""Bytes of headers before a body, those of interim answers included."""
MAX_INTERIM = 100
STEP = 4096
"""Bytes looked at together where what comes is not plainly one answer."""

_SWITCHING = 101
_WITHOUT_BODY = frozenset({b"204", b"304"})


class AnswerGuard(ResponseHandler):
    """Reads one answer for each ``set_response_params``, and nothing else."""

    _asked = False
    """Whether anything was ever asked."""
    _room: int | None = None
    """Bytes of headers that may still come; None once they are complete, and before anything was asked."""
    _interim = 0
    _beside = 0
    """Bytes that came since the last byte of a body: sizes and extensions of chunks, trailers."""
    _without_body = False
    """Whether the answer has no body whatever its headers say."""
    _body: aiohttp.StreamReader | None = None
    _failed = False
    _first_byte: float | None = None
    """Seconds for the headers of an answer that aiohttp waits for."""
    _first_byte_timer: asyncio.TimerHandle | None = None
    _answer: asyncio.Future[tuple[Any, Any]] | None = None
    """Where a request of our own is answered."""

    is_new = True
    """Whether no call has had this connection yet."""
    was_kept = False
    """Whether it was kept for the call that has it now."""
    made_at = 0.0
    idle_since = 0.0
    connection: Connection | None = None
    """What must be told of the end of a connection that is used directly."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.made_at = monotonic()
        super().connection_made(transport)

    def ask(self, message: bytes, exchange: Exchange) -> asyncio.Future[tuple[Any, Any]]:
        """Send a whole request; what comes of it is the message and the body of its answer.

        A cancellation, or the end of an ``asyncio.timeout``, reaches a task only when it next waits. Until then it has
        been cancelled in vain, and so could send what nobody wants any more. Where that would do harm, the request
        leaves while the task waits for its answer: as the next thing that the loop does after all that was due before.
        """
        assert self.transport is not None
        self.set_response_params(
            skip_payload=exchange.request.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            max_line_size=MAX_HEADERS,
            max_field_size=MAX_HEADERS,
        )
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        if exchange.harmless or not exchange.kept:
            self._send(message, exchange)
        else:
            loop.call_at(loop.time(), self._send, message, exchange)
        return self._answer

    def _send(self, message: bytes, exchange: Exchange) -> None:
        if self._answer is not None and not self._answer.done() and self.transport is not None:
            exchange.connected = True
            self.transport.write(message)

    def expire(self) -> None:
        """The answer has not begun in time."""
        self.set_exception(aiohttp.SocketTimeoutError())

    def hang_up(self) -> None:
        """Close the connection."""
        if self._answer is not None:
            self._answer.cancel()
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.close()
        except RuntimeError:  # The event loop is closed, and the connection with it, but aiohttp would warn of it.
            self.transport = None
            connection.close()

    def set_response_params(self, *, read_timeout: float | None = None, **settings: Any) -> None:
        self._asked = True
        self._room, self._interim, self._beside = MAX_HEADERS, 0, 0
        self._without_body = settings.get("skip_payload", False)
        # aiohttp would start the time for the first byte anew with every byte, and forget it after an interim answer.
        self._first_byte = read_timeout
        super().set_response_params(**settings)

    def start_timeout(self) -> None:
        if self._room is None:
            super().start_timeout()
        elif self._first_byte and self._first_byte_timer is None:
            self._first_byte_timer = asyncio.get_running_loop().call_later(self._first_byte, self.expire)

    def _stop_timer(self) -> None:
        if self._first_byte_timer is not None:
            self._first_byte_timer.cancel()
            self._first_byte_timer = None

    def data_received(self, data: bytes) -> None:
        if self._room is None:
            if not data or not self._asked:
                super().data_received(data)
            elif self._expecting_body:
                self._take_body(data)
            else:
                self._drop()
        elif self._is_plain(data):
            self._room -= len(data)
            super().data_received(data)
        else:
            self._take_steps(data)

    @property
    def _expecting_body(self) -> bool:
        return self._body is not None and not self._body.is_eof()

    def _take_body(self, data: bytes) -> None:
        body = self._body
        assert body is not None
        before = body.total_bytes
        super().data_received(data)
        if body.total_bytes != before:
            self._beside = 0
            return
        self._beside += len(data)
        if self._beside > MAX_HEADERS and not body.is_eof():
            self._refuse(f"more than {MAX_HEADERS} bytes beside the body")

    def _is_plain(self, data: bytes) -> bool:
        """Whether this is the start of a final answer that may have a body, with all of its headers: the usual case."""
        return (
            self._room == MAX_HEADERS
            and not self._without_body
            and data[9:10] != b"1"
            and data[9:12] not in _WITHOUT_BODY
            and data.find(b"\r\n\r\n", 0, STEP) >= 0
        )

    def _take_steps(self, data: bytes) -> None:
        """Take headers no further than to their end, so that what follows can be told from them."""
        start = 0
        while start < len(data):
            if self._room is None:
                self.data_received(data[start:])
                return
            end = data.find(b"\r\n\r\n", max(start - 3, 0), start + STEP)
            stop = start + STEP if end < 0 else end + 4
            self._room -= len(data[start:stop])
            super().data_received(data[start:stop])
            if self._failed:
                return
            if self._room is not None and self._room < 0:
                self._refuse(f"more than {MAX_HEADERS} bytes of headers")
                return
            start = stop

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Called by aiohttp for each answer when its headers are complete."""
        message, payload = data
        if self._room is None:
            self._drop()
        elif message.code >= 200:
            if payload is EMPTY_PAYLOAD and not self._is_empty(message):
                self._refuse("a Content-Length that cannot be")
                return
            self._room, self._body = None, payload
            self._stop_timer()
            self.deliver(data)
        elif message.code <= _SWITCHING and message.code != 100:
            self._refuse(f"status {message.code}, which was not asked for")
        else:
            self._interim += 1
            if self._interim > MAX_INTERIM:
                self._refuse(f"more than {MAX_INTERIM} interim answers")

    def deliver(self, answer: tuple[Any, Any]) -> None:
        """Hand an answer, with its body still to come, to whoever waits for it."""
        if self._answer is None:
            super().feed_data(answer, 0)
        elif not self._answer.done():
            self._answer.set_result(answer)

    def _is_empty(self, message: Any) -> bool:
        """Whether an answer is rightly without a body. The parser takes the largest length there is for none."""
        return (
            self._without_body
            or message.code in (204, 304)
            or message.headers.get(CONTENT_LENGTH, "0").strip("0") == ""
        )

    def set_exception(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, exc: BaseException, *cause: Any
    ) -> None:
        self._failed = True
        self._stop_timer()
        if isinstance(exc, HttpProcessingError) and self._expecting_body:
            # aiohttp tells only who waits for headers; who reads the body would wait for ever.
            self._break_body(aiohttp.ClientPayloadError(exc.message))
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc)
        super().set_exception(exc, *cause)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        if exc is not None and self._expecting_body:
            self._break_body(aiohttp.ClientPayloadError("the connection broke"))
        super().connection_lost(exc)

    def _break_body(self, error: aiohttp.ClientPayloadError) -> None:
        assert self._body is not None
        self._body.set_exception(error)

    def _refuse(self, problem: str) -> None:
        self.set_exception(HttpProcessingError(message=problem))
        self._drop()

    def _drop(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.abort()
