"""A server for nothing but the webhook: aiohttp's, with a limit on the time that the head of a request may take."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

__all__ = ["Server"]

KEEP_ALIVE: Final = 75.0
"""Longer than proxies keep an idle connection, so that none closes under a request."""
LINGER: Final = 2.0
"""Seconds for a sender to finish a body that is not wanted, so that it reads the answer."""
BACKLOG: Final = 1024
MAX_LINE: Final = 64 * 1024
"""Bytes of a header, or of the path. More than aiohttp's 8 KiB, so that a longer secret is refused as a wrong one."""
CLOSING: Final = 1.0


class Server:
    """Listens and answers each request."""

    def __init__(self, answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], read_timeout: float) -> None:
        self._answer = answer
        self._read_timeout = read_timeout

    async def listen(self, host: str, port: int, ssl_context: ssl.SSLContext | None) -> str:
        """Listen; gives the base URL."""
        loop = asyncio.get_running_loop()
        self._manager = web.Server(self._handle)
        self._listener = await loop.create_server(
            lambda: _Connection(self._manager, loop, self._read_timeout),
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

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, _Connection)
        connection.head_came()
        response = await self._answer(request)
        if request.content.at_eof():
            connection.body_came()
        return response


class _Connection(web.RequestHandler):
    """A connection that closes unless the head of each request comes in time."""

    def __init__(self, manager: web.Server, loop: asyncio.AbstractEventLoop, read_timeout: float) -> None:
        super().__init__(
            manager,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # An access log would show the secret; None is how to have none.
            keepalive_timeout=KEEP_ALIVE,
            lingering_time=LINGER,
            max_line_size=MAX_LINE,
            max_field_size=MAX_LINE,
        )
        self._read_timeout = read_timeout
        self._timer: asyncio.TimerHandle | None = None
        self._between_requests = False
        self.busy = False
        """Whether a request is being read or answered."""
        self._clock = loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self._between_requests and data:
            self._between_requests = False
            self._expect_head()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def head_came(self) -> None:
        """The head of a request is read."""
        self.busy = True
        self._stop_timer()

    def body_came(self) -> None:
        """The whole request is read: what comes now starts another."""
        self.busy = False
        self._between_requests = True

    def _expect_head(self) -> None:
        self._stop_timer()
        self._timer = self._clock.call_later(self._read_timeout, self.force_close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
