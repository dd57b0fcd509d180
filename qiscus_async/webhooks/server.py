"""A server for nothing but the webhook: aiohttp's, with bounds for what strangers can make it hold, and a log without a
word of theirs."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

__all__ = ["Server"]

log = logging.getLogger("nusantara.qiscus.webhooks")

KEEP_ALIVE: Final = 75.0
"""Longer than proxies keep an idle connection, so that none closes under a request."""
LINGER: Final = 2.0
"""Seconds for a sender to finish a body that is not wanted, so that it reads the answer."""
BACKLOG: Final = 1024
MAX_HEAD: Final = 32 * 1024
"""Bytes of the first line and all headers."""
MAX_LINE: Final = 16 * 1024
"""Bytes of a header, or of the path. More than aiohttp's 8 KiB, so that a longer secret is refused as a wrong one."""
MAX_UNWANTED: Final = 64 * 1024
"""Bytes of a body that is not wanted, trailers included. What comes after them is thrown away unread."""
CLOSING: Final = 1.0
RESERVED: Final = 128
"""Descriptors that connections leave to the rest of the process."""
TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Server:
    """Listens and answers each request.

    Args:
        answer: Answers a request.
        read_timeout: Seconds for the head of a request to arrive.
        max_connections: In all, or as many as the system allows. One more closes the oldest without a request.
        max_per_address: From one address; more are refused. By default half of all for those on the internet.
    """

    def __init__(
        self,
        answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        *,
        read_timeout: float,
        max_connections: int,
        max_per_address: int | None,
    ) -> None:
        self._answer = answer
        self._read_timeout = read_timeout
        self._max = min(max_connections, _descriptors())
        self._max_per_address = max_per_address
        self._open: dict[_Connection, str] = {}
        """The connections with their addresses, oldest first."""
        self._from: Counter[str] = Counter()

    async def listen(self, host: str, port: int, ssl_context: ssl.SSLContext | None) -> str:
        """Listen; gives the base URL."""
        loop = asyncio.get_running_loop()
        self._manager = web.Server(self._handle)
        self._listener = await loop.create_server(
            lambda: _Connection(self, self._manager, loop, self._read_timeout),
            host,
            port,
            ssl=ssl_context,
            ssl_handshake_timeout=None if ssl_context is None else self._read_timeout,
            backlog=BACKLOG,
        )
        address = self._listener.sockets[0].getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        return f"{'http' if ssl_context is None else 'https'}://{shown}:{address[1]}"

    def stop_listening(self) -> None:
        """Accept no more connections, and close those without a request."""
        self._listener.close()
        for connection in self._manager.connections:
            # Closing one with a request would keep the rest of the body from being read.
            if isinstance(connection, _Connection) and not connection.busy:
                connection.close()

    async def close(self) -> None:
        """Close all connections."""
        self._manager.pre_shutdown()
        await self._manager.shutdown(CLOSING)
        await self._listener.wait_closed()

    def came(self, connection: _Connection, address: str) -> bool:
        """Whether a new connection has a place."""
        bound = self._bound_of(address)
        if bound is not None and self._from[address] >= bound:
            return False
        if len(self._open) >= self._max:
            oldest = next((one for one in self._open if not one.busy), None)
            if oldest is None:
                return False
            oldest.force_close()
            self.left(oldest)
        self._open[connection] = address
        self._from[address] += 1
        return True

    def left(self, connection: _Connection) -> None:
        """A connection is closed."""
        address = self._open.pop(connection, None)
        if address is not None:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]

    def _bound_of(self, address: str) -> int | None:
        if self._max_per_address is not None:
            return self._max_per_address
        return None if _is_local(address) else max(1, self._max // 2)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, _Connection)
        connection.head_came()
        response = await self._answer(request)
        if request.content.at_eof():
            connection.body_came()
        else:
            connection.body_is_unwanted()
        return response


class _Connection(web.RequestHandler):
    """A connection that closes unless the head of each request comes in time and within its bound."""

    def __init__(
        self, server: Server, manager: web.Server, loop: asyncio.AbstractEventLoop, read_timeout: float
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # An access log would show the secret; None is how to have none.
            keepalive_timeout=KEEP_ALIVE,
            lingering_time=LINGER,
            max_line_size=MAX_LINE,
            max_field_size=MAX_LINE,
        )
        self._server = server
        self._read_timeout = read_timeout
        self._timer: asyncio.TimerHandle | None = None
        self._between_requests = False
        self._head: _Head | None = None
        """The head that is being read."""
        self._unwanted: int | None = None
        """Bytes of a refused request that are still looked at for its end."""
        self.busy = False
        """Whether a request is being read or answered."""
        self._clock = loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        if self._server.came(self, str(peer[0]) if isinstance(peer, tuple) else ""):
            self._expect_head()
        else:
            self.force_close()

    def data_received(self, data: bytes) -> None:
        if self._unwanted is not None:
            self._unwanted -= len(data)
            if self._unwanted < 0:
                return
        if self._between_requests and data:
            self._between_requests = False
            self._expect_head()
        if self._head is not None and data:
            ended = self._head.ends_in(data)
            if self._head.size > MAX_HEAD:
                self._refuse_head()
                return
            if ended:
                self._head = None
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        self._server.left(self)
        super().connection_lost(exc)

    def head_came(self) -> None:
        """The head of a request is read."""
        self.busy = True
        self._stop_timer()

    def body_came(self) -> None:
        """The whole request is read: what comes now starts another."""
        self.busy = False
        self._between_requests = True

    def body_is_unwanted(self) -> None:
        """The request is refused, and the rest of it only read so that the sender reads the answer."""
        self._unwanted = MAX_UNWANTED

    # aiohttp would log what came, as it came, with a traceback.

    def log_debug(self, *args: Any, **kw: Any) -> None:
        pass

    def log_exception(self, *args: Any, **kw: Any) -> None:
        error = kw.get("exc_info")
        log.warning("a request failed: %s", type(error).__name__ if isinstance(error, BaseException) else "no answer")

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        # No warning, as for a wrong secret.
        log.info("answered %d: not HTTP (%s)", status, type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        response = web.Response(status=status)
        response.force_close()
        return response

    def _refuse_head(self) -> None:
        log.info("answered 431: a head of more than %d bytes", MAX_HEAD)
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(TOO_LARGE)
        self.force_close()

    def _expect_head(self) -> None:
        self._stop_timer()
        self._head = _Head()
        self._timer = self._clock.call_later(self._read_timeout, self.force_close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Head:
    """Finds the end of a head, a piece at a time."""

    __slots__ = ("_begun", "_last", "size")

    def __init__(self) -> None:
        self.size = 0
        """Bytes of it so far, with empty lines before it."""
        self._begun = False
        self._last = b""

    def ends_in(self, data: bytes) -> bool:
        """Whether the head ends in this piece."""
        text = self._last + data
        if not self._begun:
            begin = text.lstrip(b"\r\n")
            self.size += len(text) - len(begin)
            text, self._begun = begin, bool(begin)
        known = len(self._last)
        end = text.find(b"\r\n\r\n")
        if end >= 0:
            self.size += end + 4 - known
            return True
        self.size += len(text) - known
        self._last = text[-3:]
        return False


def _is_local(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return True


def _descriptors() -> int:
    """Connections that the system lets this process have."""
    with contextlib.suppress(ImportError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            return max(1, soft - RESERVED)
    return 1 << 30
