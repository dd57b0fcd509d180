"""aiohttp's end of a connection, with bounds on what a server may send that is no part of an answer.

- The headers of an answer, with all interim answers (1xx) before it, are bounded in size and number, and so is what
  comes between and behind chunks. They can neither fill the memory nor put off the end of the wait for the first byte.
- A connection on which anything comes that was not asked for is closed. What came can then never be taken for the
  answer to the next request.
- A body that ends with the connection is not whole if the connection was broken rather than closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.hdrs import CONTENT_LENGTH
from aiohttp.http import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

if TYPE_CHECKING:
    from aiohttp.connector import Connection

__all__ = ["MAX_HEADERS", "MAX_INTERIM", "Protocol"]

MAX_HEADERS = 64 * 1024
"""Bytes of headers before a body, those of interim answers included."""
MAX_INTERIM = 100
STEP = 4096
"""Bytes looked at together where what comes is not plainly one answer."""

_SWITCHING = 101
_WITHOUT_BODY = frozenset({b"204", b"304"})


class Protocol(ResponseHandler):
    """Reads one answer for each ``set_response_params``, and nothing else."""

    _room: int | None = None
    """Bytes of headers that may still come; None once they are complete, and before anything was asked."""
    _interim = 0
    _beside = 0
    """Bytes that came since the last byte of a body: sizes and extensions of chunks, trailers."""

    is_new = True
    """Whether no call has had this connection yet."""
    was_kept = False
    """Whether it was kept for the call that has it now."""
    made_at = 0.0
    idle_since = 0.0
    connection: Connection | None = None
    """What must be told of the end of a connection that is used directly."""

    def ask(self, message: bytes, method: str) -> None:
        """Send a whole request and get ready for its answer, which ``read`` gives."""
        assert self.transport is not None
        self.set_response_params(
            skip_payload=method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            max_line_size=MAX_HEADERS,
            max_field_size=MAX_HEADERS,
        )
        self.transport.write(message)

    def expire(self) -> None:
        """The answer has not begun in time."""
        self.set_exception(aiohttp.SocketTimeoutError())

    def hang_up(self) -> None:
        """Close the connection."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.close()
        except RuntimeError:  # The event loop is closed, and the connection with it, but aiohttp would warn of it.
            connection._protocol = None

    def set_response_params(self, **settings: Any) -> None:
        self._room, self._interim, self._beside = MAX_HEADERS, 0, 0
        super().set_response_params(**settings)

    def data_received(self, data: bytes) -> None:
        if self._room is None:
            if not data or self._parser is None:
                super().data_received(data)
            elif self._expecting_body:
                self._take_body(data)
            else:
                self._drop()
            return
        timer = self._read_timeout_handle
        if self._is_plain(data):
            self._room -= len(data)
            super().data_received(data)
        else:
            self._take_steps(data)
        # aiohttp starts the time for the first byte anew with every byte, and forgets it after an interim answer.
        if self._room is not None and timer is not None and self._exception is None and self.transport is not None:
            self._drop_timeout()
            self._read_timeout_handle = self._loop.call_at(timer.when(), self._on_read_timeout)

    @property
    def _expecting_body(self) -> bool:
        return self._payload is not None and not self._payload.is_eof()

    def _take_body(self, data: bytes) -> None:
        payload: Any = self._payload
        before = payload.total_bytes
        super().data_received(data)
        if payload.total_bytes != before:
            self._beside = 0
            return
        self._beside += len(data)
        if self._beside > MAX_HEADERS and not payload.is_eof():
            self._refuse(f"more than {MAX_HEADERS} bytes beside the body")

    def _is_plain(self, data: bytes) -> bool:
        """Whether this is the start of a final answer that may have a body, with all of its headers: the usual case."""
        return (
            self._room == MAX_HEADERS
            and not self._skip_payload
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
            if self._exception is not None:
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
            self._room = None
            self.deliver(data)
        elif message.code <= _SWITCHING and message.code != 100:
            self._refuse(f"status {message.code}, which was not asked for")
        else:
            self._interim += 1
            if self._interim > MAX_INTERIM:
                self._refuse(f"more than {MAX_INTERIM} interim answers")

    def deliver(self, answer: Any) -> None:
        """Hand an answer, with its body still to come, to whoever waits for it."""
        super().feed_data(answer, 0)

    def _is_empty(self, message: Any) -> bool:
        """Whether an answer is rightly without a body. The parser takes the largest length there is for none."""
        return (
            self._skip_payload
            or message.code in (204, 304)
            or message.headers.get(CONTENT_LENGTH, "0").strip("0") == ""
        )

    def set_exception(self, exc: BaseException, *cause: Any) -> None:
        if isinstance(exc, HttpProcessingError) and self._payload is not None and not self._payload.is_eof():
            # aiohttp tells only who waits for headers; who reads the body would wait for ever.
            self._payload.set_exception(aiohttp.ClientPayloadError(exc.message))
        super().set_exception(exc, *cause)

    def connection_lost(self, exc: BaseException | None) -> None:
        if exc is not None and self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(aiohttp.ClientPayloadError("the connection broke"))
        super().connection_lost(exc)

    def _refuse(self, problem: str) -> None:
        self.set_exception(HttpProcessingError(message=problem))
        self._drop()

    def _drop(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.abort()
