"""Which connection a request gets: a live one, not too old, and one at all while the process has descriptors left."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import socket
import weakref
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

import aiohttp

from nusantara.errors import ConnectFailed
from nusantara.transport.early_answer import Handler

__all__ = ["Connector", "affordable"]

DNS_CACHE = 10
"""Seconds that the addresses of a name are kept."""
NO_DESCRIPTOR = frozenset({errno.EMFILE, errno.ENFILE})
PAUSE_WITHOUT_DESCRIPTOR = 0.02
RESERVE = 8
"""Descriptors left to the rest of the program: its files and modules, and the look-up of names."""

# What to look for on a socket, besides errors. Windows has no poll. Only Linux tells an end from bytes, and on a new
# TLS connection there may be bytes.
_poll = getattr(select, "poll", None)
_END = getattr(select, "POLLRDHUP", 0)
_END_OR_BYTES = _END | getattr(select, "POLLIN", 0)


class Connector(aiohttp.TCPConnector):
    """Looks at the socket itself before it hands a connection over.

    aiohttp learns of a close when the event loop next polls. In a busy loop that is after the request was written, and
    then nobody can tell whether it was carried out.

    Args:
        keep_alive: Seconds that a connection may be idle.
        max_age: Seconds after which a kept connection is replaced, so that a changed address of the server is noticed.
        make_room: Called when the process has no descriptor left: closes idle connections, tells whether waiting helps.
    """

    def __init__(
        self, *, keep_alive: float, max_age: float | None, make_room: Callable[[], bool], **settings: Any
    ) -> None:
        super().__init__(ttl_dns_cache=DNS_CACHE, keepalive_timeout=keep_alive, socket_factory=self._socket, **settings)
        self._keep_alive = keep_alive
        self._max_age = max_age
        self._make_room = make_room
        self._into_reserve = 0
        self.starving = 0
        """Calls that wait for a descriptor."""
        self.reused = False
        """Whether a connection was ever kept after an answer."""
        self._kept: deque[Handler] = deque()
        """Connections of :mod:`nusantara.transport.shortcut` between two calls, oldest first."""
        self._sweeper: asyncio.TimerHandle | None = None
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol: Any = connection.protocol
            if protocol.is_new:
                protocol.is_new = False
                if not _noticed(protocol, _END):
                    return connection
                connection.close()
                raise ConnectFailed(
                    "the server accepted the connection and closed it at once", hint="check the base URL and the server"
                )
            self.reused = True
            too_old = self._max_age is not None and monotonic() - protocol.made_at > self._max_age
            if not too_old and not _noticed(protocol, _END_OR_BYTES):  # Between two calls nothing may come.
                protocol.was_kept = True
                return connection
            connection.close()

    # --- For calls that go directly

    def take(self) -> Handler | None:
        """A connection that is open and idle: the one that was used last."""
        now = monotonic()
        while self._kept:
            line = self._kept.pop()
            self.reused = True
            idle, age = now - line.idle_since, now - line.made_at
            if (
                idle <= self._keep_alive
                and (self._max_age is None or age <= self._max_age)
                and not line.should_close
                and not _noticed(line, _END_OR_BYTES)
            ):
                return line
            line.hang_up()
        return None

    async def open(self, target: aiohttp.ClientRequest, timeout: aiohttp.ClientTimeout) -> Handler:
        """A connection to where this request would go."""
        try:
            connection = await self.connect(target, [], timeout)
        except TimeoutError:
            raise aiohttp.ConnectionTimeoutError from None
        line: Handler = connection.protocol
        line.connection = connection
        return line

    def keep(self, line: Handler) -> None:
        """Hold a connection for the next call, if it is fit for one."""
        if line.should_close or not line.is_connected() or self._closed:
            line.hang_up()
            return
        line.idle_since = monotonic()
        self._kept.append(line)
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(self._keep_alive, self._sweep)

    def _sweep(self) -> None:
        """Close what has been idle for too long, though nobody asks for it."""
        oldest = monotonic() - self._keep_alive
        while self._kept and self._kept[0].idle_since < oldest:
            self._kept.popleft().hang_up()
        self._sweeper = self._loop.call_later(self._keep_alive, self._sweep) if self._kept else None

    def close_kept(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        while self._kept:
            self._kept.pop().hang_up()

    def close(self, **how: Any) -> Any:
        self.close_kept()
        return super().close(**how)

    # --- For all

    async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> Any:
        protocol: Any = None
        alone = False
        try:
            while protocol is None:
                try:
                    protocol = await super()._create_connection(req, traces, timeout)
                except aiohttp.ClientConnectorError as error:
                    if error.errno not in NO_DESCRIPTOR or alone:
                        raise
                    self.starving += 1
                    try:
                        alone = not self._make_room()
                        if not alone:
                            await asyncio.sleep(PAUSE_WITHOUT_DESCRIPTOR)  # The time limit for connecting goes on.
                    finally:
                        self.starving -= 1
                    self._into_reserve += alone
        finally:
            self._into_reserve -= alone
        protocol.is_new = True
        protocol.made_at = monotonic()
        return protocol

    def _socket(self, address: Any) -> socket.socket:
        """A new socket, unless it takes one of the last descriptors and others of our calls will give theirs back.

        A descriptor gets the lowest free number, so the number tells how many are left.
        """
        family, kind, protocol, _, _ = address
        made = socket.socket(family=family, type=kind, proto=protocol)
        limit = _limit()
        if limit is None or self._into_reserve or made.fileno() < limit - min(RESERVE, limit // 8):
            self._sockets.add(made)
            return made
        made.close()
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    def disown(self) -> None:
        """In a forked child: let the parent's connections end when the parent closes them.

        Each descriptor gives way to the null device under the same number, which tells nobody and no selector.
        """
        null = os.open(os.devnull, os.O_RDWR)
        for one in self._sockets:
            if one.fileno() >= 0:
                os.dup2(null, one.fileno(), inheritable=False)
        os.close(null)

    def close_idle(self) -> bool:
        """Close the connections that no call uses; whether there were any."""
        idle = [protocol for kept in self._conns.values() for protocol, _ in kept]
        self._conns.clear()
        idle += self._kept
        for protocol in idle:
            if protocol.transport is not None:
                protocol.transport.abort()
        self.close_kept()
        return bool(idle)


def _noticed(protocol: Any, events: int) -> bool:
    """Whether the connection is closed, or its socket has one of these events (or an error) to tell."""
    transport = protocol.transport
    if transport is None or transport.is_closing():
        return True
    if _poll is None:
        return False
    poll = _poll()
    poll.register(transport.get_extra_info("socket").fileno(), events)
    return bool(poll.poll(0))


def affordable(wanted: int) -> int:
    """How many connections at once the limit on open descriptors allows: half of it, at most ``wanted``."""
    limit = _limit()
    return wanted if limit is None else max(1, min(wanted, limit // 2))


def _limit() -> int | None:
    """How many descriptors the process may open; None for any number."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if limit == resource.RLIM_INFINITY else limit
